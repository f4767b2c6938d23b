"""Forms of user tasks: form-js files checked at deployment, answers cleaned on the server, fields as plain objects."""

from engine.forms.components import Finding, FormError
from engine.forms.context import Cleaned, FigureValue, FileRef, FormContext, IndicatorField, Limits
from engine.forms.form import Form, choice, compile
from engine.forms.views import Fields, FieldView, OptionView, Problem, RowView

__all__ = [
    "Cleaned",
    "FieldView",
    "Fields",
    "FigureValue",
    "FileRef",
    "Finding",
    "Form",
    "FormContext",
    "FormError",
    "IndicatorField",
    "Limits",
    "OptionView",
    "Problem",
    "RowView",
    "choice",
    "compile",
]
