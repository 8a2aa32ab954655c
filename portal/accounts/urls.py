"""The pages of django-allauth that this portal needs, each saying whom it is open to.

Those that live by e-mail (confirmation, reset by a link) are left out: accounts here have no address. Who has forgotten
a password proves who they are at the window.
"""

from allauth.account import views as allauth
from django.urls import path

from portal.accounts.access import open_to, open_to_everyone
from portal.accounts.models import User
from portal.accounts.views import SignIn, SignUp

urlpatterns = [
    path("login/", open_to_everyone(SignIn.as_view()), name="account_login"),
    path("logout/", open_to_everyone(allauth.LogoutView.as_view()), name="account_logout"),
    path("inactive/", open_to_everyone(allauth.AccountInactiveView.as_view()), name="account_inactive"),
    path("signup/", open_to_everyone(SignUp.as_view()), name="account_signup"),
    path("password/change/", open_to(*User.Role)(allauth.password_change), name="account_change_password"),
    path("password/set/", open_to(*User.Role)(allauth.password_set), name="account_set_password"),
]
