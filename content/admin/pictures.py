"""Uploaded pictures in the admin: re-encoded once, never changed, removable until one was published."""

from django import forms
from django.contrib import admin
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..models import PageRevision, Picture
from ..pictures import reencode
from .base import StampedAdmin


class PictureForm(forms.ModelForm):
    """The file is read as pixels and written anew; of the upload itself nothing is kept."""

    file = forms.FileField(
        label=_("Picture file"),
        help_text=_("PNG, JPEG, WebP or GIF, up to 10 MB. Place, time and camera are removed. No photo of a patient."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        error_messages={"required": _("Choose the picture’s file")},
    )

    class Meta:
        model = Picture
        fields = ("title", "alt", "decorative")

    def clean_file(self):
        encoded = reencode(self.cleaned_data["file"])
        twin = Picture.objects.filter(hash=encoded.hash).first()
        if twin is not None:
            raise forms.ValidationError(_("This picture is here already, as “%s”. Use that one.") % twin.title)
        for name, value in vars(encoded).items():
            setattr(self.instance, name, value)
        return self.cleaned_data["file"]


class PictureTextForm(forms.ModelForm):
    """A picture that is here: its words can be mended, its pixels not, as published pages show them."""

    class Meta:
        model = Picture
        fields = ("title", "alt", "decorative")


@admin.register(Picture)
class PictureAdmin(StampedAdmin):
    list_display = ("title", "alt", "decorative", "size")
    list_filter = ("decorative",)
    search_fields = ("title", "alt")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("data")

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **{**kwargs, "form": PictureTextForm if obj else PictureForm})

    def get_fields(self, request, obj=None):
        return ("title", "shown", "alt", "decorative") if obj else ("title", "file", "alt", "decorative")

    def get_readonly_fields(self, request, obj=None):
        return ("shown",) if obj else ()

    @admin.display(description=_("size in pixels"))
    def size(self, picture):
        return f"{picture.width} × {picture.height}"

    @admin.display(description=_("picture"))
    def shown(self, picture):
        return format_html(
            '<img class="desk-picture" src="/pictures/{}.webp" width="{}" height="{}" alt="{}">',
            *(picture.hash, picture.width, picture.height, picture.alt),
        )

    def has_delete_permission(self, request, obj=None):
        """A picture that a published revision shows stays, as revisions stay."""
        if obj is not None and shown_by_a_revision(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        return {}  # one by one, so that each is asked about


def shown_by_a_revision(picture: Picture) -> bool:
    written = PageRevision.objects.annotate(written=Cast("snapshot", TextField()))
    return written.filter(written__contains=picture.hash).exists()
