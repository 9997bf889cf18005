using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using MQTTnet.Protocol;
using SQLitePCL;

namespace Sim7600.Mqtt;

/// <summary>
/// The file of a <see cref="SqliteOutboxStore"/>, opened by one thread, which alone may use it. Everything blocks. The lock is SQLite's own
/// exclusive one: the system takes it back when the process ends, however it ends.
/// </summary>
internal sealed class SqliteOutboxFile : IDisposable
{
    // "S7OB", at byte 68 of the file: whose database it is.
    private const int ApplicationId = 0x53374F42;
    private const int SchemaVersion = 1;
    private const int HeaderLength = 100;
    private const int UserVersionAt = 60;
    private const int ApplicationIdAt = 68;
    private const int JournalPagesAt = 16;
    private const int PageSize = 4096;
    private const int PartOfReserve = 4;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            topic TEXT NOT NULL,
            payload BLOB NOT NULL,
            qos INTEGER NOT NULL CHECK (qos BETWEEN 0 AND 2),
            retain INTEGER NOT NULL CHECK (retain IN (0, 1)),
            accepted_at INTEGER NOT NULL,
            expires_at INTEGER,
            tag TEXT,
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        """;

    private static readonly Lock OpenGate = new();
    private static readonly HashSet<string> OpenHere = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private readonly string _path;
    private readonly string _key;
    private readonly SqliteConnection _connection;
    private readonly DiskReserve _reserve;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _list;
    private readonly SqliteCommand _attempt;
    private readonly SqliteCommand _delete;

    private SqliteOutboxFile(string path, string key, SqliteConnection connection, DiskReserve reserve)
    {
        _path = path;
        _key = key;
        _connection = connection;
        _reserve = reserve;
        _insert = Prepare(
            "INSERT INTO messages (topic, payload, qos, retain, accepted_at, expires_at, tag, attempts) VALUES ($topic, $payload, $qos, $retain, $accepted, $expires, $tag, $attempts) RETURNING id",
            ("$topic", SqliteType.Text), ("$payload", SqliteType.Blob), ("$qos", SqliteType.Integer), ("$retain", SqliteType.Integer),
            ("$accepted", SqliteType.Integer), ("$expires", SqliteType.Integer), ("$tag", SqliteType.Text), ("$attempts", SqliteType.Integer));
        _list = Prepare(
            "SELECT id, topic, payload, qos, retain, accepted_at, expires_at, tag, attempts FROM messages WHERE id > $after ORDER BY id LIMIT $count",
            ("$after", SqliteType.Integer), ("$count", SqliteType.Integer));
        _attempt = Prepare("UPDATE messages SET attempts = attempts + 1 WHERE id = $id", ("$id", SqliteType.Integer));
        _delete = Prepare("DELETE FROM messages WHERE id = $id", ("$id", SqliteType.Integer));
    }

    /// <summary>Opens the file, and makes it when it is missing or empty. What is no outbox of ours is not touched.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrange">Changes it once it is open, for a test of a full disk; null for nothing.</param>
    /// <exception cref="OutboxStoreException">It cannot be opened, or must not be.</exception>
    public static SqliteOutboxFile Open(string path, Action<SqliteConnection>? arrange)
    {
        string key = Resolve(path);
        lock (OpenGate)
        {
            // Not only politeness: reading the header below and closing it would take away the lock of the one that has it open (POSIX fcntl).
            if (!OpenHere.Add(key))
            {
                throw SqliteOutboxErrors.Locked(path, null);
            }
        }

        SqliteConnection? connection = null;
        try
        {
            bool isNew = IsNew(path, key);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = key, Pooling = false, DefaultTimeout = 1 }.ToString());
            connection.Open();

            // Until it is known to be sound, closing must not move the log into it.
            raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            Run(connection, "PRAGMA locking_mode = EXCLUSIVE");
            if (isNew)
            {
                // Made in rollback mode, in one transaction, so that from its first byte on the file says whose it is.
                Run(connection, "PRAGMA synchronous = FULL");
                Run(connection, $"BEGIN IMMEDIATE; {Schema} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}; COMMIT;");
            }

            EnsureSound(connection, path);
            if (Scalar(connection, "PRAGMA journal_mode = WAL") is not "wal")
            {
                throw new OutboxStoreException(
                    OutboxStoreProblem.Inaccessible, $"The outbox {path} cannot be kept safe: SQLite cannot use a write-ahead log there. Try a local disk.");
            }

            // Moving the log into the file may take as much room as there is in the log; the reserve is to be enough for it.
            var reserve = new DiskReserve(key + "-reserve");
            int log = reserve.Size / PartOfReserve;
            Run(connection, "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
            Run(connection, $"PRAGMA journal_size_limit = {log}; PRAGMA wal_autocheckpoint = {log / PageSize}");
            arrange?.Invoke(connection);

            // Takes the exclusive lock, for good, and finds out now whether it can be written.
            Run(connection, "BEGIN IMMEDIATE; UPDATE messages SET attempts = attempts WHERE id = 0; COMMIT;");
            raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, out _);
            return new SqliteOutboxFile(path, key, connection, reserve);
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            Forget(key);
            throw SqliteOutboxErrors.Translate(path, exception);
        }
    }

    /// <summary>How many bytes of new messages may go into one transaction: so many that the reserve covers the log with it.</summary>
    public long TransactionBytes => _reserve.Size / (2 * PartOfReserve);

    /// <summary>Gives back what is kept in reserve and what the log takes, so that messages can be removed from a full disk.</summary>
    public void MakeRoom()
    {
        _reserve.Release();
        EmptyLog();
    }

    /// <summary>Runs work in one transaction that is on the disk when this returns.</summary>
    /// <param name="work">The work.</param>
    /// <param name="adds">It adds messages; that takes a reserve that is whole.</param>
    /// <exception cref="OutboxStoreException">Nothing of it took effect.</exception>
    public void InTransaction(Action work, bool adds)
    {
        if (adds && !_reserve.Keep())
        {
            EmptyLog();
            _reserve.Keep();
        }

        try
        {
            Run(_connection, "BEGIN IMMEDIATE");
            work();
            Run(_connection, "COMMIT");
        }
        catch (Exception exception)
        {
            TakeBack();
            throw SqliteOutboxErrors.Translate(_path, exception);
        }
    }

    public long Add(OutboxMessage message)
    {
        if (!_reserve.IsWhole)
        {
            throw SqliteOutboxErrors.Full(_path, null);
        }

        _insert.Parameters["$topic"].Value = message.Topic;
        _insert.Parameters["$payload"].Value = message.Payload.ToArray();
        _insert.Parameters["$qos"].Value = (int)message.QualityOfService;
        _insert.Parameters["$retain"].Value = message.Retain ? 1 : 0;
        _insert.Parameters["$accepted"].Value = message.AcceptedAt.UtcTicks;
        _insert.Parameters["$expires"].Value = message.ExpiresAt is { } expires ? expires.UtcTicks : DBNull.Value;
        _insert.Parameters["$tag"].Value = message.Tag is { } tag ? tag : DBNull.Value;
        _insert.Parameters["$attempts"].Value = message.Attempts;
        return (long)_insert.ExecuteScalar()!;
    }

    public IReadOnlyList<OutboxMessage> List(long afterId, int count)
    {
        _list.Parameters["$after"].Value = afterId;
        _list.Parameters["$count"].Value = count;
        var found = new List<OutboxMessage>();
        using SqliteDataReader reader = _list.ExecuteReader();
        while (reader.Read())
        {
            found.Add(new OutboxMessage(
                reader.GetInt64(0),
                reader.GetString(1),
                reader.GetFieldValue<byte[]>(2),
                (MqttQualityOfServiceLevel)reader.GetInt32(3),
                reader.GetBoolean(4),
                new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero),
                reader.IsDBNull(6) ? null : new DateTimeOffset(reader.GetInt64(6), TimeSpan.Zero),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.GetInt32(8)));
        }

        return found;
    }

    public void CountAttempt(long id)
    {
        _attempt.Parameters["$id"].Value = id;
        _attempt.ExecuteNonQuery();
    }

    public void Remove(long id)
    {
        _delete.Parameters["$id"].Value = id;
        _delete.ExecuteNonQuery();
    }

    public OutboxSize Count()
    {
        using SqliteCommand command = Prepare(
            "SELECT COUNT(*), COALESCE(SUM(OCTET_LENGTH(topic) + LENGTH(payload) + COALESCE(OCTET_LENGTH(tag), 0)), 0) FROM messages");
        using SqliteDataReader reader = command.ExecuteReader();
        reader.Read();
        return new OutboxSize(reader.GetInt64(0), reader.GetInt64(1));
    }

    public void Dispose()
    {
        _insert.Dispose();
        _list.Dispose();
        _attempt.Dispose();
        _delete.Dispose();
        try
        {
            _connection.Dispose();
        }
        finally
        {
            Forget(_key);
        }
    }

    private static void Forget(string key)
    {
        lock (OpenGate)
        {
            OpenHere.Remove(key);
        }
    }

    private static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full;
        }
    }

    // SQLite itself would recover and rewrite another program's database, so look at the file's first bytes before SQLite does.
    private static bool IsNew(string path, string key)
    {
        if (Directory.Exists(key))
        {
            throw new OutboxStoreException(OutboxStoreProblem.Inaccessible, $"The outbox {path} cannot be opened: it is a folder. Name a file in it.");
        }

        if (!File.Exists(key))
        {
            string folder = Path.GetDirectoryName(key)!;
            return Directory.Exists(folder)
                ? true
                : throw new OutboxStoreException(
                    OutboxStoreProblem.Inaccessible, $"The outbox {path} cannot be made: there is no folder {folder}. Make the folder, or name another file.");
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        int length = ReadStart(key, header);
        if (length == 0 || IsBrokenOffCreation(key))
        {
            return true;
        }

        if (length < HeaderLength || !header.StartsWith("SQLite format 3\0"u8))
        {
            throw new OutboxStoreException(
                OutboxStoreProblem.Foreign, $"{path} is no outbox: it does not begin as an SQLite file does. It was not touched. Name another file.");
        }

        if (BinaryPrimitives.ReadInt32BigEndian(header[ApplicationIdAt..]) != ApplicationId)
        {
            throw new OutboxStoreException(
                OutboxStoreProblem.Foreign, $"{path} is no outbox: it is the SQLite database of another program. It was not touched. Name another file.");
        }

        int version = BinaryPrimitives.ReadInt32BigEndian(header[UserVersionAt..]);
        return version == SchemaVersion
            ? false
            : throw new OutboxStoreException(
                OutboxStoreProblem.Version,
                $"The outbox {path} has version {version}; this library knows version {SchemaVersion}. It was not touched. Use the version of this library that made it.");
    }

    // Killed while it was made: the journal says that there was nothing before, and SQLite takes back what there is.
    private static bool IsBrokenOffCreation(string key)
    {
        string journal = key + "-journal";
        if (!File.Exists(journal))
        {
            return false;
        }

        Span<byte> header = stackalloc byte[JournalPagesAt + sizeof(int)];
        return ReadStart(journal, header) == header.Length && header[0] == 0xD9 && BinaryPrimitives.ReadInt32BigEndian(header[JournalPagesAt..]) == 0;
    }

    private static int ReadStart(string file, Span<byte> bytes)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
    }

    private static void EnsureSound(SqliteConnection connection, string path)
    {
        if (Scalar(connection, "PRAGMA quick_check(1)") is string verdict and not "ok")
        {
            throw SqliteOutboxErrors.Damaged(path, verdict, null);
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private void EmptyLog()
    {
        try
        {
            _ = Scalar(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // Then what is to be done next finds no room either, and says so.
        }
    }

    private void TakeBack()
    {
        // SQLite has taken back some failures by itself.
        if (raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
        {
            try
            {
                Run(_connection, "ROLLBACK");
            }
            catch (SqliteException)
            {
                // The first failure is the one to tell.
            }
        }
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<(string Name, SqliteType Type)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, SqliteType type) in parameters)
        {
            command.Parameters.Add(name, type);
        }

        return command;
    }
}
