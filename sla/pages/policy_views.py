"""Policies: read by those whom they concern, edited as a table, published as versions."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sla.models import PolicyVersion
from sla.organisation import levels_of
from sla.pages.calendar_views import PersonView
from sla.pages.differences import SEVERITY_NAMES, policy_changes
from sla.pages.drafts import AlreadyPublished, Overtaken, publish_as_seen, save_policy_draft, seen_by
from sla.pages.finding import find_draft, find_policy, pick, versions_shown
from sla.pages.forms import PublishForm
from sla.pages.policy_forms import PolicyDraftForm
from sla.permissions import may_edit_terms, policies_visible_to
from sla.publication import discard, last_published, next_draft


def levels_in_words(version: PolicyVersion | None) -> list[tuple[object, str, str]]:
    """Say a version's delays, the most severe first; none for no version."""
    if version is None:
        return []
    return [(SEVERITY_NAMES[severity], first, last) for severity, first, last in levels_of(version)]


def address_of(version: PolicyVersion) -> str:
    """Return where a version is read."""
    return f"{reverse('policy', args=[version.policy_id])}?version={version.pk}"


def say_published(request: HttpRequest, version: PolicyVersion) -> HttpResponse:
    """Answer an act on a draft that is published (409)."""
    text = _(
        "This version is published: it never changes any more. Start a draft from it to change something."
    )
    return render(request, "409.html", {"text": text, "address": address_of(version)}, status=409)


class PoliciesView(PersonView):
    """The policies that concern the person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, each with its delays in force."""
        at, editor = timezone.now(), may_edit_terms(self.request.user)
        rows = []
        for policy in policies_visible_to(self.request.user).prefetch_related("versions"):
            versions = sorted(policy.versions.all(), key=lambda version: -version.number)
            version = pick([each for each in versions if each.published_at], None, at)
            drafts = [each for each in versions if editor and not each.published_at]
            rows.append((policy, version, levels_in_words(version), drafts))
        return render(request, "sla/policies.html", {"rows": rows, "may_edit": editor})


class PolicyView(PersonView):
    """One policy, version by version."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the version in force, or the one asked for."""
        at = timezone.now()
        policy = find_policy(self.request.user, pk)
        versions = list(versions_shown(self.request.user, policy))
        version = pick(versions, request.GET.get("version"), at)
        in_force = pick([each for each in versions if each.published_at], None, at)
        return render(request, "sla/policy.html", {
            "policy": policy, "versions": versions, "version": version, "in_force": in_force, "at": at,
            "levels": levels_in_words(version), "may_edit": may_edit_terms(self.request.user),
        })  # fmt: skip


class PolicyChangesView(PersonView):
    """What one version changed in another, in words."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Compare two versions; by default the one in force with the one before it."""
        policy, at = find_policy(self.request.user, pk), timezone.now()
        versions = list(versions_shown(self.request.user, policy))
        latter = pick(versions, request.GET.get("to"), at)
        if latter is None:
            raise Http404
        former = (
            pick(versions, request.GET.get("from"), at)
            if request.GET.get("from")
            else next((each for each in versions if each.number < latter.number and each.published_at), None)
        )
        return render(request, "sla/changes.html", {
            "parent": policy, "address": reverse("policy", args=[policy.pk]), "versions": versions,
            "former": former, "latter": latter,
            "changes": policy_changes(former, latter) if former else [],
        })  # fmt: skip


class PolicyDraftView(PersonView):
    """The form of a draft."""

    version: PolicyVersion

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the draft; one published meanwhile is said so."""
        if request.user.is_authenticated:
            self.version = find_draft(self.request.user, PolicyVersion, kwargs["key"])
            if self.version.published_at is not None:
                return say_published(request, self.version)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Show the form."""
        return self.show(PolicyDraftForm(instance=self.version))

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Keep the draft; what cannot be is said on its field, and nothing typed is lost."""
        form = PolicyDraftForm(request.POST, instance=self.version)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            save_policy_draft(form, request.POST.get("seen", ""))
        except AlreadyPublished:
            return say_published(request, self.version)
        except Overtaken:
            return self.show(form, status=409)
        messages.success(request, _("The draft is kept. Nothing changes for anybody until it is published."))
        return HttpResponseRedirect(request.path)

    def show(self, form: PolicyDraftForm, status: int = 200) -> HttpResponse:
        """Show the form as it stands."""
        saved = PolicyVersion.objects.select_related("policy").get(pk=self.version.pk)
        former = last_published(saved)
        changes = policy_changes(former, saved) if former else None
        context = {
            "version": saved,
            "seen": seen_by(form, saved, status),
            "is_overtaken": status == HTTPStatus.CONFLICT,
            "form": form,
            "former": former,
            "changes": changes,
        }
        return render(self.request, "sla/policy_draft.html", context, status=status)


class NextPolicyDraftView(PersonView):
    """A draft that begins by saying what a version says."""

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Start it and open it."""
        draft = next_draft(find_draft(self.request.user, PolicyVersion, key), by=self.request.user)
        return HttpResponseRedirect(reverse("policy_draft", args=[draft.pk]))


class PublishPolicyView(PolicyDraftView):
    """Publishing a draft: what it changes, why, from when."""

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Show what would be published."""
        return self.ask(PublishForm(initial={"motive": self.version.motive}))

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Publish, or say on its field why not."""
        form = PublishForm(request.POST)
        if not form.is_valid():
            return self.ask(form, status=422)
        by, at = self.request.user, timezone.now()
        try:
            version = publish_as_seen(self.version, form, request.POST.get("seen", ""), by=by, at=at)
        except AlreadyPublished:
            return say_published(request, self.version)
        except Overtaken:
            return self.ask(form, status=409)
        except ValidationError as refused:
            form.refuse(refused)
            return self.ask(form, status=422)
        messages.success(request, _("Version %(number)d is published.") % {"number": version.number})
        return HttpResponseRedirect(address_of(version))

    def ask(self, form: PublishForm, status: int = 200) -> HttpResponse:
        """Show the form under what it would put in force, as the draft is kept now."""
        kept = PolicyVersion.objects.select_related("policy").get(pk=self.version.pk)
        former = last_published(kept)
        context = {
            "version": kept,
            "seen": seen_by(form, kept, status),
            "is_overtaken": status == HTTPStatus.CONFLICT,
            "parent": kept.policy,
            "form": form,
            "former": former,
            "changes": policy_changes(former, kept) if former else None,
            "levels": levels_in_words(kept),
            "draft_address": reverse("policy_draft", args=[kept.pk]),
        }
        return render(self.request, "sla/publish.html", context, status=status)


class DiscardPolicyDraftView(PersonView):
    """The end of a draft that will not be published."""

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Throw it away."""
        version = find_draft(self.request.user, PolicyVersion, key)
        try:
            discard(version)
        except ValidationError:
            return say_published(request, version)
        messages.success(request, _("The draft is thrown away."))
        return HttpResponseRedirect(reverse("policy", args=[version.policy_id]))
