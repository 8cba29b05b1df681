"""Three requests: read a page with one question, answer it, read all results."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bench.floor.models import Given, Paper

OPTIONS = ["One", "Two", "Three", "Four"]


@login_required(login_url="/")
def page(request: HttpRequest, question: int) -> HttpResponse:
    paper = Paper.objects.filter(learner=request.user, question=question).first()
    return render(request, "page.html", {"paper": paper, "question": question, "options": OPTIONS})


@login_required(login_url="/")
def answer(request: HttpRequest, question: int) -> HttpResponse:
    choice = int(request.POST["response"])
    with transaction.atomic():
        paper = Paper.objects.select_for_update().get(learner_id=request.user.pk, question=question)
        is_right = choice == 0
        Given.objects.create(paper=paper, response={"choice": choice}, is_right=is_right)
        paper.attempts += 1
        paper.points = max(paper.points, float(is_right))
        paper.save(update_fields=["attempts", "points", "updated_at"])
    context = {"paper": paper, "question": question, "options": OPTIONS, "is_right": is_right}
    return render(request, "page.html", context)


@login_required(login_url="/")
def progress(request: HttpRequest) -> HttpResponse:
    papers = list(Paper.objects.filter(learner=request.user).order_by("question"))
    return render(request, "progress.html", {"papers": papers, "total": sum(paper.points for paper in papers)})
