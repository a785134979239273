"""Bringing an attendance sheet in from a page: checked first, then recorded, all or nothing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.requests import PersonRequest
from tickets.actions.attendance import RefusedSheet, bring_in
from tickets.sheets import UnreadableSheet, say_problem
from tickets.trainings.forms import SheetForm
from tickets.trainings.views import KeeperView

SHOWN = 200  # problems


class AttendanceView(KeeperView):
    """An attendance sheet: “check” writes nothing, “record” writes all of it or nothing."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Ask for the sheet."""
        return render(request, "trainings/attendance.html", {"form": SheetForm()})

    def post(self, request: PersonRequest) -> HttpResponse:
        """Check or record; a refusal says every line that is wrong."""
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return render(request, "trainings/attendance.html", {"form": form}, status=422)
        keep, content = request.POST.get("act") == "record", form.content
        try:
            outcome = bring_in(content, by=request.user, at=timezone.now(), keep=keep)
        except UnreadableSheet as error:
            form.add_error("sheet", str(error))
            return render(request, "trainings/attendance.html", {"form": form}, status=422)
        except RefusedSheet as refused:
            return self.refused(request, refused)
        if keep:
            count = len(outcome.recorded)
            text = ngettext("%(count)d training is recorded.", "%(count)d trainings are recorded.", count)
            messages.success(request, text % {"count": count})
            return redirect("trainings")
        checked = SheetForm(initial={"checked": content.decode("utf-8-sig")})
        differing = [say_problem(problem) for problem in outcome.differing[:SHOWN]]
        context = {"form": SheetForm(), "checked": checked, "outcome": outcome, "differing": differing}
        return render(request, "trainings/attendance.html", context)

    def refused(self, request: PersonRequest, refused: RefusedSheet) -> HttpResponse:
        """Show what is wrong, line by line."""
        context = {
            "form": SheetForm(),
            "problems": refused.problems[:SHOWN],
            "more": max(0, len(refused.problems) - SHOWN),
            "lines": refused.lines,
        }
        return render(request, "trainings/attendance.html", context, status=422)
