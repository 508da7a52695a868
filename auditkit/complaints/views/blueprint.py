"""The blueprint that both parts of the register's pages hang their routes on."""

from flask import Blueprint

bp = Blueprint("complaints", __name__, url_prefix="/complaints", template_folder="../templates")
