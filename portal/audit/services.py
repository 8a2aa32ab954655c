"""Writing the trail and proving that nobody changed it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from portal.audit.models import Anchor, ChainHead, Entry

_HASHED = (
    "chain", "sequence", "actor_id", "actor_name", "actor_role", "actor_department", "source", "action", "say",
    "subject", "before", "after", "reason", "previous_hash",
)  # fmt: skip
# A transaction that began before an anchor may commit after it; one hour covers every step and every job lease.
_ANCHOR_OVERLAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an entry, as they were at that moment; the trail does not follow later changes of the account."""

    id: int | None
    name: str
    role: str
    department: str = ""
    source: str = ""


SYSTEM = Author(id=None, name="系统", role="system")


@dataclass(frozen=True, slots=True)
class Breach:
    """The first place at which a chain or an anchor does not hold."""

    chain: str
    sequence: int | None
    say: str

    def __str__(self) -> str:
        place = f"{self.chain}#{self.sequence}" if self.sequence is not None else self.chain
        return f"{place}：{self.say}"


def _plain(value: Mapping[str, Any] | None) -> dict[str, Any]:
    return json.loads(json.dumps(value or {}, cls=DjangoJSONEncoder, ensure_ascii=False))


def digest(value: object) -> str:
    """SHA-256 over the canonical JSON of a value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(entry: Entry) -> str:
    """SHA-256 over the canonical JSON of everything an entry says, the moment in UTC microseconds included."""
    content = {name: getattr(entry, name) for name in _HASHED}
    content["at"] = entry.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
    return digest(content)


def record(
    *,
    chain: str,
    author: Author,
    action: str,
    say: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Append one entry to ``chain`` in the transaction of the step itself.

    The caller holds the lock of whatever the chain is about (the affair), or accepts to wait for the chain's head.
    Raises TransactionManagementError outside a transaction: a step and its entry stand or fall together.
    """
    head = ChainHead.objects.select_for_update().filter(pk=chain).first()
    entry = Entry(
        chain=chain,
        sequence=head.sequence + 1 if head else 1,
        at=timezone.now(),
        actor_id=author.id,
        actor_name=author.name,
        actor_role=author.role,
        actor_department=author.department,
        source=author.source[:200],
        action=action,
        say=say,
        subject=subject,
        before=_plain(before),
        after=_plain(after),
        reason=reason,
        previous_hash=head.hash if head else "",
    )
    entry.hash = entry_hash(entry)
    entry.save()
    if head:
        ChainHead.objects.filter(pk=chain).update(sequence=entry.sequence, hash=entry.hash)
    else:
        ChainHead.objects.create(chain=chain, sequence=entry.sequence, hash=entry.hash)
    return entry


@transaction.atomic
def anchor() -> Anchor | None:
    """Fix the heads of all chains that grew since the last anchor; None when nothing did."""
    last = Anchor.objects.order_by("-pk").first()
    recent = Entry.objects.all()
    if last:
        recent = recent.filter(at__gte=last.at - _ANCHOR_OVERLAP)
    chains = set(recent.order_by().values_list("chain", flat=True).distinct())
    heads = [
        [head.chain, head.sequence, head.hash]
        for head in ChainHead.objects.filter(chain__in=chains).order_by("chain").iterator()
    ]
    if last:
        known = {(chain, sequence) for chain, sequence, _hash in last.heads}
        heads = [head for head in heads if (head[0], head[1]) not in known]
    if not heads:
        return None
    previous = last.hash if last else ""
    return Anchor.objects.create(at=timezone.now(), heads=heads, previous_hash=previous, hash=digest([previous, heads]))


def verify_chain(chain: str) -> Breach | None:
    """The first entry of one chain that was changed, removed, re-ordered or added by hand; None when it holds."""
    return next(_verify(Entry.objects.of(chain).iterator(), ChainHead.objects.filter(pk=chain)), None)


def verify() -> Breach | None:
    """The first breach over all chains and all anchors; None when the whole trail holds."""
    entries = Entry.objects.order_by("chain", "sequence").iterator(chunk_size=2000)
    return next(_verify(entries, ChainHead.objects.all()), None) or next(_verify_anchors(), None)


def _verify(entries: Iterator[Entry], heads: Any) -> Iterator[Breach]:
    ends = {head.chain: (head.sequence, head.hash) for head in heads}
    place: tuple[str, int, str] = ("", 0, "")
    seen: dict[str, tuple[int, str]] = {}
    for entry in entries:
        if entry.chain != place[0]:
            place = (entry.chain, 0, "")
        _chain, sequence, last_hash = place
        if entry.sequence != sequence + 1:
            yield Breach(entry.chain, sequence + 1, "缺少留痕或次序被改动")
        elif entry.previous_hash != last_hash:
            yield Breach(entry.chain, entry.sequence, "与前一条留痕不衔接")
        elif entry.hash != entry_hash(entry):
            yield Breach(entry.chain, entry.sequence, "留痕内容被改动")
        place = (entry.chain, entry.sequence, entry.hash)
        seen[entry.chain] = (entry.sequence, entry.hash)
    for chain in sorted(ends.keys() | seen.keys()):
        if seen.get(chain) != ends.get(chain):
            last = seen.get(chain, (0, ""))[0]
            yield Breach(chain, last + 1, "链尾与链头记录不一致：末尾留痕被删除或添加")


def _verify_anchors() -> Iterator[Breach]:
    previous = ""
    for anchor_ in Anchor.objects.order_by("pk").iterator():
        name = f"锚点 {anchor_.pk}"
        if anchor_.previous_hash != previous or anchor_.hash != digest([previous, anchor_.heads]):
            yield Breach(name, None, "锚点被改动或删除")
        for chunk in (anchor_.heads[i : i + 500] for i in range(0, len(anchor_.heads), 500)):
            stored = {
                (entry.chain, entry.sequence): entry.hash
                for entry in Entry.objects.filter(
                    chain__in=[chain for chain, _sequence, _hash in chunk],
                    sequence__in={sequence for _chain, sequence, _hash in chunk},
                ).only("chain", "sequence", "hash")
            }
            for chain, sequence, head_hash in chunk:
                if stored.get((chain, sequence)) != head_hash:
                    yield Breach(chain, sequence, f"与{name}不一致：整条链被改写或删除")
        previous = anchor_.hash
