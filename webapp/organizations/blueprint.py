"""The one blueprint of the register, in a leaf, so that its pages need not know each other."""

from flask import Blueprint

blueprint = Blueprint("organizations", __name__)
