"""What keeps the record from being written, as a closed set, and how an error of the server falls into it. Pure."""

from enum import StrEnum


class Problem(StrEnum):
    """What a person has to see to. The values are keys of translations."""

    UNREACHABLE = "unreachable"  # no answer, or none in time
    UNKNOWN_HOST = "unknown_host"  # no such name: a typo, or DNS is away
    CERTIFICATE = "certificate"  # TLS, and the certificate is not trusted
    NO_TLS = "no_tls"  # https://, and the server does not speak TLS on that port
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # or no such user
    MISSING_DATABASE = "missing_database"
    MISSING_GRANT = "missing_grant"  # the user may not do what is needed
    MISSING_CLUSTER = "missing_cluster"  # the server knows no cluster of that name
    SCHEMA_NEWER = "schema_newer"  # a newer Smart Window wrote here
    SCHEMA_FOREIGN = "schema_foreign"  # the tables were made or changed by something else
    FULL = "full"  # disk, memory, parts or a quota
    CLOCK = "clock"  # ours and the server's are far apart
    SPOOL_FAILS = "spool_fails"  # our own disk is full or cannot be written
    SPOOL_FULL = "spool_full"  # the owner's limit, and nothing in it may be thinned
    OTHER = "other"


class ServerError(Exception):
    """The server cannot take rows now. The message is the server's or the network's; it holds no password."""

    def __init__(self, problem: Problem, detail: str, code: int | None = None) -> None:
        """Say which problem it is, in what words it was reported, and the server's number for it if there is one."""
        super().__init__(detail)
        self.problem = problem
        self.detail = detail
        self.code = code


class RefusedBatchError(Exception):
    """The client cannot encode a batch: no retry will ever help."""


# Numbers of ClickHouse's errors: src/Common/ErrorCodes.cpp of ClickHouse.
_OF_CODE = {
    81: Problem.MISSING_DATABASE,  # UNKNOWN_DATABASE
    164: Problem.MISSING_GRANT,  # READONLY
    170: Problem.MISSING_CLUSTER,  # CLUSTER_DOESNT_EXIST
    192: Problem.WRONG_PASSWORD,  # UNKNOWN_USER
    193: Problem.WRONG_PASSWORD,  # WRONG_PASSWORD
    194: Problem.WRONG_PASSWORD,  # REQUIRED_PASSWORD
    195: Problem.WRONG_PASSWORD,  # IP_ADDRESS_NOT_ALLOWED
    201: Problem.FULL,  # QUOTA_EXCEEDED
    202: Problem.FULL,  # TOO_MANY_SIMULTANEOUS_QUERIES
    241: Problem.FULL,  # MEMORY_LIMIT_EXCEEDED
    243: Problem.FULL,  # NOT_ENOUGH_SPACE
    252: Problem.FULL,  # TOO_MANY_PARTS
    497: Problem.MISSING_GRANT,  # ACCESS_DENIED
    516: Problem.WRONG_PASSWORD,  # AUTHENTICATION_FAILED
}


# The same file: the values themselves are at fault, so that the same batch fails for ever.
OF_VALUES = frozenset(
    {
        6,  # CANNOT_PARSE_TEXT
        27,  # CANNOT_PARSE_INPUT_ASSERTION_FAILED
        38,  # CANNOT_PARSE_DATE
        41,  # CANNOT_PARSE_DATETIME
        53,  # TYPE_MISMATCH
        69,  # ARGUMENT_OUT_OF_BOUND
        70,  # CANNOT_CONVERT_TYPE
        72,  # CANNOT_PARSE_NUMBER
        117,  # INCORRECT_DATA
        131,  # TOO_LARGE_STRING_SIZE
        190,  # SIZES_OF_ARRAYS_DONT_MATCH
        321,  # VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
        349,  # CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
        469,  # VIOLATED_CONSTRAINT
        691,  # UNKNOWN_ELEMENT_OF_ENUM
    }
)


def of_code(code: int) -> Problem:
    """Return the problem that an error number of the server stands for."""
    return _OF_CODE.get(code, Problem.OTHER)
