using System.Text;
using Microsoft.Data.Sqlite;

namespace Sim7600.Mqtt.Tests;

/// <summary>The file: who may open it, and what happens to one that is not as it should be.</summary>
[CancelAfter(60_000)]
public sealed class SqliteOutboxStoreTests : IDisposable
{
    private readonly OutboxFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Messages_and_numbers_outlive_closing(CancellationToken ct)
    {
        long last;
        await using (SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, ct))
        {
            await store.AddAsync(OutboxStoreTests.Message("a"), ct);
            last = await store.AddAsync(OutboxStoreTests.Message("b"), ct);
            await store.RemoveAsync(last, OutboxRemoval.Delivered, ct);
        }

        await using SqliteOutboxStore again = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        Assert.That((await again.ListAsync(0, 10, ct)).Select(message => message.Topic), Is.EqualTo(new[] { "a" }));
        Assert.That(await again.AddAsync(OutboxStoreTests.Message("c"), ct), Is.GreaterThan(last));
    }

    [Test]
    public async Task What_was_asked_for_before_closing_is_done(CancellationToken ct)
    {
        SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        Task<long>[] adding = [.. Enumerable.Range(0, 500).Select(_ => store.AddAsync(OutboxStoreTests.Message("a"), ct))];
        await store.DisposeAsync();
        await Task.WhenAll(adding);
        OutboxStoreException? closed = await Assert.ThrowsAsync<OutboxStoreException>(() => store.CountAsync(ct));
        Assert.That(closed!.Problem, Is.EqualTo(OutboxStoreProblem.Closed));
        await using SqliteOutboxStore again = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        Assert.That((await again.CountAsync(ct)).Messages, Is.EqualTo(500));
    }

    [Test]
    public async Task Two_objects_of_one_process_cannot_share_a_file_by_whatever_name(CancellationToken ct)
    {
        await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        string link = Path.Combine(_folder.Path, "link.db");
        File.CreateSymbolicLink(link, _folder.File);
        await FailsAsync(_folder.File, OutboxStoreProblem.Locked);
        await FailsAsync(link, OutboxStoreProblem.Locked);
        Assert.That((await store.CountAsync(ct)).Messages, Is.Zero);
    }

    [Test]
    public async Task An_empty_file_becomes_an_outbox(CancellationToken ct)
    {
        await File.WriteAllBytesAsync(_folder.File, [], ct);
        await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        Assert.That(await store.AddAsync(OutboxStoreTests.Message("a"), ct), Is.Positive);
    }

    [TestCase("SQLite format 3", Description = "cut short")]
    [TestCase("three lines of a log, which somebody named by mistake, and which must not be lost to a program that means well: longer than 100 bytes")]
    public async Task Another_kind_of_file_is_left_alone(string content)
    {
        await File.WriteAllTextAsync(_folder.File, content);
        await FailsAsync(_folder.File, OutboxStoreProblem.Foreign);
        Assert.That(await File.ReadAllTextAsync(_folder.File), Is.EqualTo(content));
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task The_database_of_another_program_is_left_alone_with_its_log()
    {
        // Copied while it is open, so that its log is there and SQLite would move it into the file.
        string open = Path.Combine(_folder.Path, "open.db");
        using (SqliteConnection connection = Database(open, "PRAGMA journal_mode = WAL; CREATE TABLE messages (id INTEGER); INSERT INTO messages VALUES (1);"))
        {
            File.Copy(open, _folder.File);
            File.Copy(open + "-wal", _folder.File + "-wal");
        }

        byte[][] before = [.. Files().Select(File.ReadAllBytes)];
        await FailsAsync(_folder.File, OutboxStoreProblem.Foreign);
        Assert.That(Files().Select(File.ReadAllBytes), Is.EqualTo(before));

        string[] Files() => [_folder.File, _folder.File + "-wal"];
    }

    [Test]
    public async Task A_version_of_the_future_is_left_alone(CancellationToken ct)
    {
        await (await SqliteOutboxStore.OpenAsync(_folder.File, ct)).DisposeAsync();
        using (Database(_folder.File, "PRAGMA user_version = 99"))
        {
        }

        OutboxStoreException error = await FailsAsync(_folder.File, OutboxStoreProblem.Version);
        Assert.That(error.Message, Does.Contain("version 99").And.Contain("version 1"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_damaged_outbox_is_reported_and_left_as_it_is(bool withLog)
    {
        string file = _folder.File;
        CancellationToken ct = CancellationToken.None;
        await using (SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(file, ct))
        {
            await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => store.AddAsync(OutboxStoreTests.Message(new string('a', 200)), ct)));
        }

        if (withLog)
        {
            string copy = Path.Combine(_folder.Path, "copy.db");
            await using (SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(file, ct))
            {
                await store.AddAsync(OutboxStoreTests.Message("b"), ct);
                File.Copy(file + "-wal", copy + "-wal");
            }

            File.Move(file, copy);
            file = copy;
        }

        await using (FileStream stream = File.OpenWrite(file))
        {
            stream.Position = 4096 * 3;
            await stream.WriteAsync(Enumerable.Repeat((byte)0xA5, 4096 * 4).ToArray(), ct);
        }

        byte[] before = await File.ReadAllBytesAsync(file, ct);
        byte[] logBefore = withLog ? await File.ReadAllBytesAsync(file + "-wal", ct) : [];
        OutboxStoreException error = await FailsAsync(file, OutboxStoreProblem.Damaged);
        Assert.That(error.Message, Does.Contain(file).And.Contain("copy"));
        Assert.That(await File.ReadAllBytesAsync(file, ct), Is.EqualTo(before));
        Assert.That(File.Exists(file + "-wal") ? await File.ReadAllBytesAsync(file + "-wal", ct) : [], Is.EqualTo(logBefore));
    }

    [Test]
    public async Task A_making_that_was_broken_off_is_begun_again(CancellationToken ct)
    {
        // What a kill leaves between writing the file's first pages and forgetting the journal.
        string made = Path.Combine(_folder.Path, "made.db");
        using (SqliteConnection connection = Database(made, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; CREATE TABLE t (x);"))
        {
            using SqliteCommand fill = connection.CreateCommand();
            fill.CommandText = "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT hex(randomblob(500)) FROM n";
            fill.ExecuteNonQuery();
            File.Copy(made, _folder.File);
            File.Copy(made + "-journal", _folder.File + "-journal");
        }

        Assert.That(new FileInfo(_folder.File).Length, Is.Positive);
        await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        Assert.That((await store.CountAsync(ct)).Messages, Is.Zero);
    }

    [TestCase("", OutboxStoreProblem.Inaccessible)]
    [TestCase("no/such/folder/out.db", OutboxStoreProblem.Inaccessible)]
    public Task A_place_that_cannot_be(string name, OutboxStoreProblem problem) => FailsAsync(Path.Combine(_folder.Path, name), problem);

    [Test]
    [Platform("Linux", Reason = "needs a folder in which not even root can write")]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        OutboxStoreException error = await FailsAsync("/sys/out.db", OutboxStoreProblem.Inaccessible);
        Assert.That(error.Message, Does.Contain("/sys/out.db").And.Contain("folder"));
    }

    [Test]
    public async Task A_full_disk_refuses_what_does_not_fit_and_keeps_what_it_has(CancellationToken ct)
    {
        long[] ids;
        await using (SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, connection => Run(connection, "PRAGMA max_page_count = 20"), ct))
        {
            Task<long>[] adding = [.. Enumerable.Range(0, 30).Select(_ => store.AddAsync(OutboxStoreTests.Message("a") with { Payload = new byte[8000] }, ct))];
            await Assert.CatchAsync(() => Task.WhenAll(adding));
            Exception[] errors = [.. adding.Where(one => one.IsFaulted).Select(one => one.Exception!.InnerException!)];
            Assert.That(errors.Cast<OutboxStoreException>().Select(error => error.Problem), Is.All.EqualTo(OutboxStoreProblem.DiskFull));
            ids = [.. adding.Where(one => one.IsCompletedSuccessfully).Select(one => one.Result)];
            Assert.That(ids, Is.Not.Empty);
            await store.RemoveAsync(ids[0], OutboxRemoval.Delivered, ct);
            Assert.That(await store.AddAsync(OutboxStoreTests.Message("b"), ct), Is.Positive, "there is room again");
        }

        await using SqliteOutboxStore again = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        Assert.That((await again.ListAsync(0, 100, ct)).Select(message => message.Id), Is.SupersetOf(ids[1..]));
    }

    [Test]
    public async Task A_full_disk_lets_messages_go_and_accepts_one_only_when_the_reserve_is_there_again(CancellationToken ct)
    {
        string reserve = _folder.File + "-reserve";
        await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, IsFullAsLongAsThereIs(reserve), ct);
        long first = await store.AddAsync(OutboxStoreTests.Message("a"), ct);
        long second = await store.AddAsync(OutboxStoreTests.Message("b"), ct);
        Assert.That(new FileInfo(reserve).Length, Is.EqualTo(512 * 1024));

        await store.RemoveAsync(first, OutboxRemoval.Delivered, ct);
        await store.CountAttemptAsync(second, ct);
        Assert.That(File.Exists(reserve), Is.False);
        Directory.CreateDirectory(reserve);
        OutboxStoreException full = (await Assert.ThrowsAsync<OutboxStoreException>(() => store.AddAsync(OutboxStoreTests.Message("c"), ct)))!;
        Assert.That(full.Problem, Is.EqualTo(OutboxStoreProblem.DiskFull));
        Directory.Delete(reserve);
        await store.AddAsync(OutboxStoreTests.Message("d"), ct);
        Assert.That(File.Exists(reserve));
        Assert.That((await store.ListAsync(0, 9, ct)).Select(message => (message.Topic, message.Attempts)), Is.EqualTo(new[] { ("b", 1), ("d", 0) }));
    }

    [Test]
    public async Task The_log_never_grows_beyond_what_the_reserve_can_move_into_the_file(CancellationToken ct)
    {
        await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        OutboxMessage large = OutboxStoreTests.Message("a") with { Payload = new byte[10_240] };
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => store.AddAsync(large, ct)));
        Assert.That(new FileInfo(_folder.File + "-wal").Length, Is.LessThan(new FileInfo(_folder.File + "-reserve").Length));
    }

    [Test]
    public void A_disk_that_reports_an_error_is_said_to_be_perhaps_read_only()
    {
        OutboxStoreException error = SqliteOutboxErrors.Translate("a/out.db", new SqliteException("disk I/O error", 10, 1802));
        Assert.That(error.Problem, Is.EqualTo(OutboxStoreProblem.Failed));
        Assert.That(error.Message, Does.Contain("a/out.db").And.Contain("read-only").And.Contain("1802"));
    }

    [Test]
    public async Task What_is_accepted_is_in_the_log(CancellationToken ct)
    {
        await using SqliteOutboxStore store = await SqliteOutboxStore.OpenAsync(_folder.File, ct);
        await store.AddAsync(OutboxStoreTests.Message("a"), ct);
        string log = _folder.File + "-wal";
        Assert.That(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(log, ct)), Does.Contain("21.5"));
    }

    // A disk whose only room is what the reserve takes.
    private static Action<SqliteConnection> IsFullAsLongAsThereIs(string reserve) => connection =>
    {
        connection.CreateFunction("take_room", () => File.Exists(reserve) ? throw new SqliteException("full", 13) : 0);
        Run(connection, "CREATE TEMP TRIGGER deleting BEFORE DELETE ON messages BEGIN SELECT take_room(); END");
    };

    internal static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Database(string file, string sql)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Run(connection, sql);
        return connection;
    }

    private static async Task<OutboxStoreException> FailsAsync(string file, OutboxStoreProblem problem)
    {
        OutboxStoreException? error = await Assert.ThrowsAsync<OutboxStoreException>(() => SqliteOutboxStore.OpenAsync(file));
        Assert.That(error!.Problem, Is.EqualTo(problem), error.Message);
        return error;
    }
}
