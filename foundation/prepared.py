"""Prepared queries for hot paths: the ORM builds each once, and it then runs with other values.

Building and compiling a queryset takes several times as long as running its query. A prepared query does that once per
kind of database and keeps the SQL, so the SQL always matches its ORM form.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery

type Value = int | str | datetime
type StoredField = Field[Any, Any]
type Converter = tuple[int, Iterable[Callable[[object, object, object], object]], object]
type SqlRows = list[tuple[Any, ...]]

# Values that no query contains otherwise, so that they can be found in the compiled SQL.
MARKERS: dict[type, Callable[[int], Value]] = {
    int: lambda number: -(7_316_025_984 + number),
    str: lambda number: f"prepared value {number} of 7316025984",
    datetime: lambda number: datetime(9000 + 3 * number, 6, 25, 9, 8, 4, 31, tzinfo=UTC),
}
NEAR = timedelta(days=365)  # less than half of the distance between two markers


@dataclass(frozen=True)
class Place:
    """A parameter of the SQL: the value called `name` (for a moment, with `shift` added), or a `constant`."""

    name: str = ""
    shift: timedelta | None = None
    constant: Any = None


@dataclass(frozen=True)
class Plan:
    """A compiled query. `converters` lists positions in a row, with the functions that convert the driver's value to Python's."""

    sql: str
    places: tuple[Place, ...]
    converters: tuple[Converter, ...]


class PreparedQuery:
    """A `values_list` queryset whose SQL is kept. `build` takes values by name, of the types in `kinds`.

    A call with values returns the rows as tuples. Each value is a parameter of the SQL, so `build` must not branch on a
    value or change it, except by adding a constant time to a moment.
    """

    def __init__(self, build: Callable[..., QuerySet[Model, object]], **kinds: type) -> None:
        self.build, self.kinds = build, kinds
        self._plans: dict[str, Plan] = {}

    def __call__(self, **values: Value) -> SqlRows:
        return self.converted(self.raw(**values))

    def raw(self, **values: Value) -> tuple[tuple[object, ...], ...]:
        """Return the rows as the driver gives them, which can be compared and hashed; `converted` makes Python's values."""
        plan = self._plan()
        with prepared_cursor() as cursor:
            cursor.execute(plan.sql, [parameter(place, values) for place in plan.places])
            return tuple(map(tuple, cursor.fetchall()))

    def converted(self, rows: Iterable[tuple[object, ...]]) -> SqlRows:
        """Return rows of `raw` with the values that the queryset would return."""
        converters = self._plan().converters
        return [converted(row, converters) for row in rows] if converters else list(rows)

    def _plan(self) -> Plan:
        return self._plans.get(connection.vendor) or self._prepare()

    def _prepare(self) -> Plan:
        markers = {name: MARKERS[kind](number) for number, (name, kind) in enumerate(self.kinds.items())}
        compiler = self.build(**markers).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        places = tuple(place_of(each, markers) for each in parameters)
        if unused := markers.keys() - {place.name for place in places}:
            raise ValueError(f"the statement has no parameter for {', '.join(sorted(unused))}")
        fields = [column for column, _, _ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(fields).items()
        plan = Plan(sql, places, tuple((position, *found) for position, found in converters))
        self._plans[connection.vendor] = plan
        return plan


def prepared_cursor() -> Any:
    """Return a cursor that also lets the server keep the statement's plan, where the database offers one."""
    return getattr(connection, "prepared_cursor", connection.cursor)()


def instances[M: Model](model: type[M], rows: Iterable[tuple[object, ...]], names: Iterable[str]) -> list[M]:
    """Return rows of `values_list(*names)` as instances of the model; fields that are not named are deferred."""
    names = tuple(names)
    return [model.from_db(connection.alias, names, row) for row in rows]


class PreparedInsert[M: Model]:
    """An INSERT of one row whose SQL is kept. A call stores an instance without a row, and gives it its key.

    If a row with the same values of the fields `unique` exists, that row gets the values of `replaced` instead, and the
    instance no key. No signals are sent, and no field is filled with the time of the save.
    """

    def __init__(self, model: type[M], *, unique: Iterable[str] = (), replaced: Iterable[str] = ()) -> None:
        meta = model._meta
        self.model = model
        self.fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
        self.unique, self.replaced = ([meta.get_field(name) for name in names] for names in (unique, replaced))
        self._sql: dict[str, str] = {}

    def __call__(self, instance: M) -> None:
        sql = self._sql.get(connection.vendor) or self._prepare(instance)
        with prepared_cursor() as cursor:
            cursor.execute(sql, saved_values(self.fields, instance))
            if self.model._meta.auto_field and not self.unique:
                instance.pk = cursor.fetchone()[0]
        instance._state.adding, instance._state.db = False, connection.alias

    def _prepare(self, instance: M) -> str:
        on_conflict = OnConflict.UPDATE if self.unique else None
        query = InsertQuery(self.model, on_conflict=on_conflict, update_fields=self.replaced, unique_fields=self.unique)
        query.insert_values(self.fields, [instance])
        compiler = query.get_compiler(connection=connection)
        if self.model._meta.auto_field and not self.unique:
            compiler.returning_fields = [self.model._meta.auto_field]
        ((sql, parameters),) = compiler.as_sql()
        return self._sql.setdefault(connection.vendor, checked(sql, len(parameters), len(self.fields)))


class PreparedUpdate[M: Model]:
    """An UPDATE of some fields of one row whose SQL is kept. A call writes an instance's values of them to its row."""

    def __init__(self, model: type[M], *names: str) -> None:
        self.model, self.fields = model, [model._meta.get_field(name) for name in names]
        self._sql: dict[str, str] = {}

    def __call__(self, instance: M) -> None:
        sql = self._sql.get(connection.vendor) or self._prepare(instance)
        with prepared_cursor() as cursor:
            cursor.execute(sql, [*saved_values(self.fields, instance), instance.pk])

    def _prepare(self, instance: M) -> str:
        query = self.model._default_manager.filter(pk=instance.pk).query.chain(UpdateQuery)
        query.add_update_fields([(field, None, getattr(instance, field.attname)) for field in self.fields])
        sql, parameters = query.get_compiler(connection=connection).as_sql()
        return self._sql.setdefault(connection.vendor, checked(sql, len(parameters), len(self.fields) + 1))


def saved_values(fields: Iterable[StoredField], instance: Model) -> list[object]:
    return [field.get_db_prep_save(getattr(instance, field.attname), connection) for field in fields]


def checked(sql: str, found: int, wanted: int) -> str:
    """Return a statement with one parameter for each value. Raises ValueError for any other."""
    if found != wanted:
        raise ValueError(f"the statement has {found} parameters for {wanted} values: {sql}")
    return sql


def parameter(place: Place, values: dict[str, Value]) -> Any:
    if not place.name:
        return place.constant
    value = values[place.name]
    if place.shift is None or not isinstance(value, datetime):
        return value
    return connection.ops.adapt_datetimefield_value(value + place.shift)


def place_of(found: object, markers: dict[str, Value]) -> Place:
    """Return which value a parameter of the marked statement is."""
    moment = moment_in(found)
    for name, marker in markers.items():
        if isinstance(marker, datetime):
            if moment is not None and abs(moment - marker) < NEAR:
                return Place(name, moment - marker)
        elif type(found) is type(marker) and found == marker:
            return Place(name)
    return Place(constant=found)


def moment_in(found: object) -> datetime | None:
    """Return a parameter as a moment if it is one; SQLite's are texts in UTC."""
    if isinstance(found, datetime):
        return found
    try:
        return datetime.fromisoformat(found).replace(tzinfo=UTC) if isinstance(found, str) else None
    except ValueError:
        return None


def converted(row: tuple[object, ...], converters: tuple[Converter, ...]) -> tuple[object, ...]:
    values = list(row)
    for position, functions, expression in converters:
        for function in functions:
            values[position] = function(values[position], expression, connection)
    return tuple(values)
