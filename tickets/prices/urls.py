"""Addresses of the public price lists."""

from django.urls import path

from tickets.prices.draft_views import EditPriceListView, NewPriceListView
from tickets.prices.views import (
    DiscardPriceListView,
    PriceListsView,
    PriceListView,
    PublishPriceListView,
    WithdrawPriceListView,
)

urlpatterns = [
    path("price-lists/", PriceListsView.as_view(), name="price_lists"),
    path("price-lists/new/", NewPriceListView.as_view(), name="price_list_new"),
    path("price-lists/<int:pk>/", PriceListView.as_view(), name="price_list"),
    path("price-lists/<int:pk>/edit/", EditPriceListView.as_view(), name="price_list_edit"),
    path("price-lists/<int:pk>/publish/", PublishPriceListView.as_view(), name="price_list_publish"),
    path("price-lists/<int:pk>/withdraw/", WithdrawPriceListView.as_view(), name="price_list_withdraw"),
    path("price-lists/<int:pk>/discard/", DiscardPriceListView.as_view(), name="price_list_discard"),
]
