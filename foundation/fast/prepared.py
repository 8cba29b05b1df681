"""Prepared queries for hot paths: the ORM builds each once, and it then runs with other values.

Building and compiling a queryset takes several times as long as running its query. A prepared query does that once per
kind of database and keeps the SQL, so the SQL always matches its ORM form.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery

from foundation.fast.pieces import ON

type Value = int | str | datetime
type StoredField = Field[Any, Any]
type Columns = Sequence[tuple[StoredField, type | None, str]]
type Converter = tuple[int, Iterable[Callable[[object, object, object], object]], object]
type SqlRows = list[tuple[Any, ...]]

# Values that no query contains otherwise, so that they can be found in the compiled SQL.
MARKERS: dict[type, Callable[[int], Value]] = {
    int: lambda number: -(7_316_025_984 + number),
    str: lambda number: f"prepared value {number} of 7316025984",
    datetime: lambda number: datetime(9000 + 3 * number, 6, 25, 9, 8, 4, 31, tzinfo=UTC),
}
NEAR = timedelta(days=365)  # less than half of the distance between two markers
UNCHANGING = {str, bool, int, Decimal, datetime}
MOST_VALUES = 4096  # converted values that are kept of one query


@dataclass(frozen=True)
class Parameter:
    """A parameter of the SQL: the value called `name` (for a moment, with `shift` added), or a `constant`."""

    name: str = ""
    shift: timedelta | None = None
    constant: Any = None


@dataclass(frozen=True)
class Plan:
    """A compiled query. `converters` lists positions in a row, with the functions that convert the driver's value to Python's.

    `known` holds converted values that cannot change, by position and the driver's value.
    """

    sql: str
    parameters: tuple[Parameter, ...]
    converters: tuple[Converter, ...]
    known: dict[tuple[int, object], object] = field(default_factory=dict)


class PreparedQuery:
    """A `values_list` queryset whose SQL is kept. `build` takes values by name, of the types in `kinds`.

    A call with values returns the rows as tuples. Each value is a parameter of the SQL, so `build` must not branch on a
    value or change it, except by adding a constant time to a moment.
    """

    def __init__(self, build: Callable[..., QuerySet[Model, object]], **kinds: type) -> None:
        self.build, self.kinds = build, kinds
        self._plans: dict[str, Plan] = {}

    def __call__(self, **values: Value) -> SqlRows:
        return self.converted(self.raw(**values)) if ON.prepared_queries else list(self.build(**values))

    def raw(self, **values: Value) -> tuple[tuple[object, ...], ...]:
        """Return the rows as the driver gives them, which can be compared and hashed; `converted` makes Python's values."""
        database = connections[DEFAULT_DB_ALIAS]
        if not ON.prepared_queries:
            return plain_rows(self.build(**values), database)
        plan = self._plan(database)
        arguments = [  # most are a value as it was given, which needs no further call
            values[source.name] if source.name and source.shift is None else argument(source, values, database)
            for source in plan.parameters
        ]
        with prepared_cursor(database) as cursor:
            cursor.execute(plan.sql, arguments)
            return tuple(map(tuple, cursor.fetchall()))

    def converted(self, rows: Iterable[tuple[object, ...]]) -> SqlRows:
        """Return rows of `raw` with the values that the queryset would return.

        A NULL stays None. The rows of a join repeat many values, and so do the queries of one learner: each is converted
        once in a column, and shared. Rows of two calls share only what cannot be changed.
        """
        database = connections[DEFAULT_DB_ALIAS]
        plan = self._plan(database) if ON.prepared_queries else self._prepare(database)
        copied = [list(row) for row in rows]
        if len(plan.known) > MOST_VALUES:
            plan.known.clear()
        own: dict[tuple[int, object], object] = {}
        for position, functions, expression in plan.converters:
            for values in copied:
                value = values[position]
                if value is None:
                    continue
                key = position, value
                known = plan.known.get(key, own.get(key))
                if known is None:
                    known = reduce(lambda result, convert: convert(result, expression, database), functions, value)
                    (plan.known if type(known) in UNCHANGING else own)[key] = known
                values[position] = known
        return list(map(tuple, copied))

    def _plan(self, database: BaseDatabaseWrapper) -> Plan:
        return self._plans.get(database.vendor) or self._prepare(database)

    def _prepare(self, database: BaseDatabaseWrapper) -> Plan:
        markers = {name: MARKERS[kind](number) for number, (name, kind) in enumerate(self.kinds.items())}
        compiler = self.build(**markers).query.get_compiler(connection=database)
        sql, values = compiler.as_sql()
        parameters = tuple(parameter_of(value, markers) for value in values)
        if unused := markers.keys() - {parameter.name for parameter in parameters}:
            raise ValueError(f"the statement has no parameter for {', '.join(sorted(unused))}")
        fields = [column for column, _, _ in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(fields).items()
        plan = Plan(sql, parameters, tuple((position, *converter) for position, converter in converters))
        self._plans[database.vendor] = plan
        return plan


def plain_rows(rows: QuerySet[Model, object], database: BaseDatabaseWrapper) -> tuple[tuple[object, ...], ...]:
    """Compile and run a queryset. Return its rows as the driver gives them."""
    sql, parameters = rows.query.get_compiler(connection=database).as_sql()
    with database.cursor() as cursor:
        cursor.execute(sql, parameters)
        return tuple(map(tuple, cursor.fetchall()))


def prepared_cursor(database: BaseDatabaseWrapper) -> Any:
    """Return a cursor that also lets the server keep the statement's plan, where the database offers one."""
    return getattr(database, "prepared_cursor", database.cursor)()


def instances[M: Model](model: type[M], rows: Iterable[tuple[object, ...]], names: Iterable[str]) -> list[M]:
    """Return rows of `values_list(*names)` as instances of the model; fields that are not named are deferred.

    They are what `Model.from_db` returns, made in a tenth of its calls. No signals are sent.
    """
    names = tuple(names)
    return [stored_instance(model, dict(zip(names, row, strict=True))) for row in rows]


def stored_instance[M: Model](model: type[M], values: dict[str, Any]) -> M:
    instance = model.__new__(model)
    instance._state = ModelState()
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
    instance.__dict__.update(values)
    return instance


def give_related(instance: Model, **related: Model | None) -> None:
    """Give an instance the objects that its foreign keys refer to. The keys themselves stay as they are."""
    instance._state.fields_cache.update(related)


class PreparedInstances[M: Model]:
    """A query whose SQL is kept and whose rows become instances, as `select_related(*related)` returns them.

    A related object comes after the one that refers to it, and is never missing.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *related: str, **kinds: type) -> None:
        self.build, self.related = build, related
        self.query = PreparedQuery(self._columns, **kinds)
        self.parts: list[tuple[str, type[Model], tuple[str, ...]]] = []

    def __call__(self, **values: Value) -> list[M]:
        if not ON.prepared_queries:
            rows = self.build(**values)
            return list(rows.select_related(*self.related) if self.related else rows)
        return [self._joined(row) for row in self.query(**values)]

    def _columns(self, **values: Value) -> QuerySet[M, Any]:
        rows = self.build(**values)
        models: dict[str, Any] = {"": rows.model}
        for path in self.related:
            parent, _, name = path.rpartition("__")
            models[path] = models[parent]._meta.get_field(name).related_model
        self.parts = [
            (path, model, tuple(field.attname for field in model._meta.concrete_fields))
            for path, model in models.items()
        ]
        return rows.values_list(
            *(f"{path}__{name}" if path else name for path, _, names in self.parts for name in names)
        )

    def _joined(self, row: tuple[Any, ...]) -> M:
        made: dict[str, Any] = {}
        for path, model, names in self.parts:
            (made[path],) = instances(model, [row[: len(names)]], names)
            row = row[len(names) :]
            if path:
                parent, _, name = path.rpartition("__")
                give_related(made[parent], **{name: made[path]})
        instance: M = made[""]
        return instance


class PreparedInsert[M: Model]:
    """An INSERT whose SQL is kept, for each number of rows. A call stores instances without a row, and gives them their keys.

    If a row with the same values of the fields `unique` exists, that row gets the values of `replaced` instead, and the
    instances no keys. No signals are sent, and no field is filled with the time of the save.
    """

    def __init__(self, model: type[M], *, unique: Iterable[str] = (), replaced: Iterable[str] = ()) -> None:
        meta = model._meta
        self.model = model
        self.fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
        self.unique, self.replaced = ([meta.get_field(name) for name in names] for names in (unique, replaced))
        self.key = None if self.unique else meta.auto_field
        self._sql: dict[tuple[str, int], tuple[str, bool]] = {}

    @cached_property
    def columns(self) -> Columns:
        return stored_columns(self.fields)

    def __call__(self, *instances: M) -> None:
        if not ON.prepared_queries:
            self._store_plainly(instances)
            return
        database = connections[DEFAULT_DB_ALIAS]
        sql, is_by_column = self._sql.get((database.vendor, len(instances))) or self._prepare(database, instances)
        lines = [saved_values(self.columns, instance, database) for instance in instances]
        with prepared_cursor(database) as cursor:
            cursor.execute(sql, [*map(list, zip(*lines, strict=True))] if is_by_column else [*chain(*lines)])
            if self.key:
                for instance, (key,) in zip(instances, cursor.fetchall(), strict=True):
                    setattr(instance, self.key.attname, key)
        for instance in instances:
            instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS

    def _store_plainly(self, instances: Sequence[M]) -> None:
        names = {"update_fields": self.replaced, "unique_fields": self.unique}
        on_conflict = {kind: [field.name for field in chosen] for kind, chosen in names.items()} if self.unique else {}
        self.model._base_manager.bulk_create(instances, update_conflicts=bool(self.unique), **on_conflict)

    def _prepare(self, database: BaseDatabaseWrapper, instances: Sequence[M]) -> tuple[str, bool]:
        """Return the statement, and whether each of its parameters holds all values of a column, as on PostgreSQL."""
        on_conflict = OnConflict.UPDATE if self.unique else None
        query = InsertQuery(self.model, on_conflict=on_conflict, update_fields=self.replaced, unique_fields=self.unique)
        query.insert_values(self.fields, instances)
        compiler = query.get_compiler(connection=database)
        if self.key:
            compiler.returning_fields = [self.key]
        ((sql, parameters),) = compiler.as_sql()
        is_by_column = len(instances) > 1 and len(parameters) == len(self.fields)
        wanted = len(self.fields) * (1 if is_by_column else len(instances))
        statement = checked(sql, len(parameters), wanted), is_by_column
        return self._sql.setdefault((database.vendor, len(instances)), statement)


class PreparedUpdate[M: Model]:
    """An UPDATE of some fields of one row whose SQL is kept. A call writes an instance's values of them to its row."""

    def __init__(self, model: type[M], *names: str) -> None:
        self.model, self.fields = model, [model._meta.get_field(name) for name in names]
        self._sql: dict[str, str] = {}

    @cached_property
    def columns(self) -> Columns:
        return stored_columns(self.fields)

    def __call__(self, instance: M) -> None:
        if not ON.prepared_queries:
            values = {field.name: getattr(instance, field.attname) for field in self.fields}
            self.model._default_manager.filter(pk=instance.pk).update(**values)
            return
        database = connections[DEFAULT_DB_ALIAS]
        sql = self._sql.get(database.vendor) or self._prepare(database, instance)
        with prepared_cursor(database) as cursor:
            cursor.execute(sql, [*saved_values(self.columns, instance, database), instance.pk])

    def _prepare(self, database: BaseDatabaseWrapper, instance: M) -> str:
        query = self.model._default_manager.filter(pk=instance.pk).query.chain(UpdateQuery)
        query.add_update_fields([(field, None, getattr(instance, field.attname)) for field in self.fields])
        sql, parameters = query.get_compiler(connection=database).as_sql()
        return self._sql.setdefault(database.vendor, checked(sql, len(parameters), len(self.fields) + 1))


# The types whose values these fields store as they are, so that Django need not be asked
STORED_AS_IS: dict[str, type] = {
    "CharField": str,
    "SlugField": str,
    "TextField": str,
    "BooleanField": bool,
    "BigAutoField": int,
    "DecimalField": Decimal,
}


INTEGERS = {"IntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"}


def stored_columns(fields: Iterable[StoredField]) -> Columns:
    """Return the fields, each with the type of its values that need no preparation, if there is one, and with the kind of
    its integers, whose preparation is quick.
    """
    stored = ((field, (field.target_field if field.remote_field else field).get_internal_type()) for field in fields)
    return [(field, STORED_AS_IS.get(kind), kind if kind in INTEGERS else "") for field, kind in stored]


def saved_values(columns: Columns, instance: Model, database: BaseDatabaseWrapper) -> list[object]:
    """Return the values of an instance as the database stores them."""
    return [
        value
        if value is None or type(value) is as_is
        else database.ops.adapt_integerfield_value(value, kind)
        if kind and type(value) is int
        else field.get_db_prep_save(value, database)
        for field, as_is, kind in columns
        for value in (getattr(instance, field.attname),)
    ]


def checked(sql: str, given: int, wanted: int) -> str:
    """Return a statement with one parameter for each value. Raises ValueError for any other."""
    if given != wanted:
        raise ValueError(f"the statement has {given} parameters for {wanted} values: {sql}")
    return sql


def argument(source: Parameter, values: dict[str, Value], database: BaseDatabaseWrapper) -> Any:
    """Return a constant, or a value with the time that its statement adds."""
    if not source.name:
        return source.constant
    value = values[source.name]
    if source.shift is None or not isinstance(value, datetime):
        return value
    return database.ops.adapt_datetimefield_value(value + source.shift)


def parameter_of(value: object, markers: dict[str, Value]) -> Parameter:
    """Return which value a parameter of the marked statement is."""
    moment = moment_in(value)
    for name, marker in markers.items():
        if isinstance(marker, datetime):
            if moment is not None and abs(moment - marker) < NEAR:
                return Parameter(name, moment - marker)
        elif type(value) is type(marker) and value == marker:
            return Parameter(name)
    return Parameter(constant=value)


def moment_in(value: object) -> datetime | None:
    """Return a parameter as a moment if it is one; SQLite's are texts in UTC."""
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else None
    except ValueError:
        return None
