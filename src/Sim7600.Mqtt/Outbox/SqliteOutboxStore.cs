using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Sim7600.Mqtt;

/// <summary>
/// Keeps messages in one SQLite file, so that they outlive the process, however it ends. The file has one owner: whoever opens it second gets
/// <see cref="OutboxStoreProblem.Locked"/>, and the lock goes when the owner's process does.
/// </summary>
/// <remarks>
/// A call completes when its transaction is committed to a write-ahead log with <c>synchronous=FULL</c>, which means that the log was flushed to
/// the disk (<c>fsync</c>) after it. One thread does all of it; calls that wait together share one transaction and so one flush. Use a local disk:
/// SQLite's locks are not reliable on network drives. On a full disk it accepts nothing more; what it holds can still be removed, with the room
/// that it keeps in reserve.
/// </remarks>
public sealed class SqliteOutboxStore : IOutboxStore
{
    /// <summary>How long a call waits for the disk.</summary>
    public static readonly TimeSpan OperationTimeout = TimeSpan.FromSeconds(60);

    // Beyond this many waiting calls, further ones wait for their place, in order.
    private const int Capacity = 1024;
    private const int MostInOneTransaction = 256;

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _worker;
    private readonly string _path;

    private SqliteOutboxStore(string path, Action<SqliteConnection>? arrange)
    {
        _path = path;
        _worker = Task.Factory.StartNew(() => Serve(arrange), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Opens a file, or makes it when it is missing or empty.</summary>
    /// <param name="path">The file. Beside it are <c>-wal</c> and, while it is made, <c>-journal</c>: they belong to it; and <c>-reserve</c>, which takes up to 512 KB of room and holds nothing.</param>
    /// <param name="cancellationToken">Gives up; the file is closed again.</param>
    /// <returns>The store. Dispose it to let others open the file.</returns>
    /// <exception cref="OutboxStoreException">It is in use, no outbox, of another version, damaged, or cannot be written; then it was not changed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<SqliteOutboxStore> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        OpenAsync(path, arrange: null, cancellationToken);

    internal static async Task<SqliteOutboxStore> OpenAsync(string path, Action<SqliteConnection>? arrange, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        cancellationToken.ThrowIfCancellationRequested();
        var store = new SqliteOutboxStore(path, arrange);
        try
        {
            await store._opened.Task.WaitAsync(OperationTimeout, cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch (Exception exception)
        {
            store._queue.Writer.TryComplete();
            if (exception is TimeoutException)
            {
                throw store.TimedOut();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public Task<long> AddAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return RunAsync(file => file.Add(message), cancellationToken, MemoryOutboxStore.SizeOf(message));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxMessage>> ListAsync(long afterId, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return RunAsync(file => file.List(afterId, count), cancellationToken);
    }

    /// <inheritdoc/>
    public Task CountAttemptAsync(long id, CancellationToken cancellationToken) => RunAsync(
        file =>
        {
            file.CountAttempt(id);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(long id, OutboxRemoval reason, CancellationToken cancellationToken) => RunAsync(
        file =>
        {
            file.Remove(id);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<OutboxSize> CountAsync(CancellationToken cancellationToken) => RunAsync(file => file.Count(), cancellationToken);

    /// <summary>Ends what has been asked for, and closes the file.</summary>
    /// <returns>A task that completes within <see cref="OperationTimeout"/>.</returns>
    /// <exception cref="OutboxStoreException">The disk did not answer in time; the file is still in use.</exception>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _worker.WaitAsync(OperationTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw TimedOut();
        }
    }

    private async Task<T> RunAsync<T>(Func<SqliteOutboxFile, T> run, CancellationToken cancellationToken, long bytes = 0)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var work = new Work<T>(run) { Bytes = bytes };
        try
        {
            await _queue.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new OutboxStoreException(OutboxStoreProblem.Closed, $"The outbox {_path} was closed by this program.");
        }

        using (cancellationToken.UnsafeRegister(static (state, token) => ((Work)state!).Withdraw(token), work))
        {
            try
            {
                return await work.Done.WaitAsync(OperationTimeout, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw TimedOut();
            }
        }
    }

    private OutboxStoreException TimedOut() => new(
        OutboxStoreProblem.TimedOut, $"The outbox {_path} did not answer within {OperationTimeout.TotalSeconds:0} s: the disk hangs. Whether the last operation took effect is unknown.");

    // On a thread of its own, because SQLite blocks.
    private void Serve(Action<SqliteConnection>? arrange)
    {
        SqliteOutboxFile file;
        try
        {
            file = SqliteOutboxFile.Open(_path, arrange);
        }
        catch (Exception exception)
        {
            _opened.SetException(exception);

            // Whoever gave up waiting does not look any more.
            _ = _opened.Task.Exception;
            return;
        }

        using (file)
        {
            _opened.SetResult();
            var together = new List<Work>();
            while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                long bytes = 0;
                while (together.Count < MostInOneTransaction && bytes < file.TransactionBytes && _queue.Reader.TryRead(out Work? work))
                {
                    if (work.Claim())
                    {
                        together.Add(work);
                        bytes += work.Bytes;
                    }
                }

                if (together.Count > 0)
                {
                    Perform(file, together);
                    together.Clear();
                }
            }
        }
    }

    private static void Perform(SqliteOutboxFile file, List<Work> together)
    {
        try
        {
            file.InTransaction(() => together.ForEach(work => work.Run(file)), together.Exists(work => work.Bytes > 0));
            together.ForEach(work => work.Succeed());
        }
        catch (Exception) when (together.Count > 1)
        {
            // One of them is to blame; the others must not suffer for it.
            foreach (Work work in together)
            {
                Perform(file, [work]);
            }
        }
        catch (OutboxStoreException exception) when (exception.Problem == OutboxStoreProblem.DiskFull && together[0].MayUseReserve)
        {
            file.MakeRoom();
            together[0].MayUseReserve = false;
            Perform(file, together);
        }
        catch (Exception exception)
        {
            together[0].Fail(exception);
        }
    }

    private abstract class Work
    {
        private int _state;

        /// <summary>Bytes of the message that it adds; 0 when it adds none.</summary>
        public long Bytes { get; init; }

        /// <summary>What adds no message makes room in the end, so it may have what is kept in reserve, once.</summary>
        public bool MayUseReserve { get => field && Bytes == 0; set; } = true;

        public bool Claim() => Interlocked.CompareExchange(ref _state, 1, 0) == 0;

        public void Withdraw(CancellationToken cancellationToken)
        {
            if (Interlocked.CompareExchange(ref _state, 2, 0) == 0)
            {
                Cancel(cancellationToken);
            }
        }

        public abstract void Run(SqliteOutboxFile file);

        public abstract void Succeed();

        public abstract void Fail(Exception exception);

        protected abstract void Cancel(CancellationToken cancellationToken);
    }

    private sealed class Work<T>(Func<SqliteOutboxFile, T> run) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Done => _done.Task;

        public override void Run(SqliteOutboxFile file) => _result = run(file);

        public override void Succeed() => _done.TrySetResult(_result);

        public override void Fail(Exception exception)
        {
            // Whoever gave up waiting does not look any more.
            _ = _done.TrySetException(exception) ? _done.Task.Exception : null;
        }

        protected override void Cancel(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);
    }
}
