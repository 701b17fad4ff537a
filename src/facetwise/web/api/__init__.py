"""Operations for programs: the published JSON contracts, one module each."""

from fastapi import APIRouter

api = APIRouter()
