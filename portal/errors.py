"""Pages for requests that Django itself refuses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that was open too long, or from another site; nothing was done."""
    say = (
        "这一页打开太久，或者浏览器没有保存本站的 Cookie，所以这次没有提交。"
        "请返回上一页，刷新后再按一次；填写的内容仍在上一页。"
    )
    return render(request, "422.html", {"say": say}, status=403)
