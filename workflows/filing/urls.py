"""The applicant's pages, under /my/."""

from django.urls import path

from portal.accounts.access import open_to
from portal.accounts.models import User
from workflows.filing.views import affair, files, messages, mine, questions, upkeep, wizard

app_name = "filing"
form = open_to(User.Role.APPLICANT)(wizard.FilingWizard.as_view(url_name="filing:form_step"))

urlpatterns = [
    path("", mine.mine, name="mine"),
    path("new/<slug:one_thing>/", questions.new, name="new"),
    path("<int:pk>/", affair.affair, name="affair"),
    path("<int:pk>/questions/", questions.questions, name="questions"),
    path("<int:pk>/questions/<slug:question_id>/", questions.question, name="question"),
    path("<int:pk>/questions/<slug:question_id>/notice/", questions.gates, name="gates"),
    path("<int:pk>/plan/", questions.plan, name="plan"),
    path("<int:pk>/form/", wizard.start, name="form"),
    path("<int:pk>/form/<slug:step>/", form, name="form_step"),
    path("<int:pk>/form/<slug:step>/autosave/", wizard.autosave, name="autosave"),
    path("<int:pk>/files/", files.upload, name="files"),
    path("<int:pk>/files/<int:file_pk>/remove/", files.remove, name="remove_file"),
    path("<int:pk>/files/<int:file_pk>/replace/", files.replace, name="replace_file"),
    path("<int:pk>/files/<int:file_pk>/rotate/", files.rotate, name="rotate_file"),
    path("<int:pk>/files/earlier/<int:earlier_pk>/", files.take, name="take_file"),
    path("<int:pk>/materials/<slug:material>/own/", files.own_document, name="own_document"),
    path("<int:pk>/copy/", upkeep.copy, name="copy"),
    path("<int:pk>/delete/", upkeep.delete, name="delete"),
    path("<int:pk>/archive/", upkeep.archive, name="archive"),
    path("<int:pk>/receipt/", affair.receipt, name="receipt"),
    path("<int:pk>/messages/", messages.messages, name="messages"),
    path("<int:pk>/withdraw/", affair.withdraw, name="withdraw"),
    path("<int:pk>/rate/", affair.rate, name="rate"),
]
