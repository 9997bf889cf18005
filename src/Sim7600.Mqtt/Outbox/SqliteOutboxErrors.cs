using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sim7600.Mqtt;

/// <summary>What SQLite's numbers mean for who owns the outbox.</summary>
internal static class SqliteOutboxErrors
{
    public static OutboxStoreException Locked(string path, Exception? cause) => new(
        OutboxStoreProblem.Locked,
        $"The outbox {path} is in use: another process, or another part of this one, has it open, and an outbox has one owner. "
        + "End the other one, or name another file.",
        cause);

    public static OutboxStoreException Full(string path, Exception? cause) => new(
        OutboxStoreProblem.DiskFull,
        $"The outbox {path} cannot grow: the disk is full. What it has accepted is safe, and goes on being delivered from what is kept in reserve. Make room on the disk.",
        cause);

    public static OutboxStoreException Damaged(string path, string how, Exception? cause) => new(
        OutboxStoreProblem.Damaged,
        $"The outbox {path} is damaged ({how.ReplaceLineEndings(" ")}). Keep a copy, with {Path.GetFileName(path)}-wal if there is one; "
        + "sqlite3's .recover may save messages from it. Then name another file or move this one away.",
        cause);

    public static OutboxStoreException Translate(string path, Exception exception) => exception switch
    {
        OutboxStoreException known => known,
        SqliteException sqlite => OfNumber(path, sqlite),
        UnauthorizedAccessException or IOException => new(
            OutboxStoreProblem.Inaccessible, $"The outbox {path} cannot be opened: {exception.Message} Check the rights of file and folder.", exception),
        _ => new(OutboxStoreProblem.Failed, $"The outbox {path} failed: {exception.Message}", exception),
    };

    private static OutboxStoreException OfNumber(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Locked(path, exception),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Damaged(path, raw.sqlite3_errstr(exception.SqliteErrorCode).utf8_to_string(), exception),
        raw.SQLITE_FULL => Full(path, exception),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => new(
            OutboxStoreProblem.Inaccessible,
            $"The outbox {path} cannot be opened or written. SQLite needs to write the file and its folder, where it keeps a log beside it: check the rights.",
            exception),
        raw.SQLITE_IOERR => new(
            OutboxStoreProblem.Failed,
            $"The outbox {path} cannot be read or written: the disk reports an error. It may be mounted read-only, unplugged or worn out: check it (SQLite {exception.SqliteExtendedErrorCode}).",
            exception),
        _ => new(OutboxStoreProblem.Failed, $"The outbox {path} failed: {exception.Message}", exception),
    };
}
