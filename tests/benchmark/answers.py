"""The same answers for every affair, so that every affair takes the same course."""

from typing import Any

ANSWERS: dict[str, dict[str, Any]] = {
    # 四个部门：先办登记，其余三个随后并联。The peers' graph has four departments too.
    "qybg": {"what": ["scope"], "haslic": ["none"], "staff": "yes", "fund": "no", "agent": "self"},
    # 六个部门，两种前置关系都出现。
    "ysqy": {
        "lic": "no", "kind": "general", "mass": "any_gt_4500", "own": "owned", "heavy": "no", "agent": "self",
        "staff": "yes", "seal": "yes", "tax": "yes",
    },
}  # fmt: skip
