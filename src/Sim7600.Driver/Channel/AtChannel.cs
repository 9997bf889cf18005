using Microsoft.Extensions.Logging;
using Sim7600.Links;

namespace Sim7600.Driver.Channel;

/// <summary>
/// The only owner of the link: it alone reads and writes. One command runs at a time, each with its own deadline; what comes after a
/// command was given up is quarantined, and the channel gets back in step before the next command.
/// </summary>
/// <remarks>
/// One loop reads, digests and hands over; it never waits for a user. Unsolicited lines go to bounded queues
/// (<see cref="SubscribeUrcs"/>). When the link is lost, the running command and all later ones fail at once.
/// </remarks>
public sealed partial class AtChannel : IAsyncDisposable
{
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly ISerialLink _link;
    private readonly AtChannelOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<SerialLinkLoss> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _receiving;
    private PendingCommand? _current;
    private SerialLinkLoss? _closure;
    private int _disposed;

    /// <summary>Takes a link over and starts reading it.</summary>
    /// <param name="link">The link; the channel disposes it.</param>
    /// <param name="options">Times and tools; null for the defaults.</param>
    public AtChannel(ISerialLink link, AtChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(link);
        _link = link;
        _options = options ?? new AtChannelOptions();
        _time = _options.TimeProvider;
        _logger = _options.LoggerFactory.CreateLogger<AtChannel>();
        _stallTimer = _time.CreateTimer(_ => OnStalled(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _receiving = Task.Run(ReceiveAsync);
    }

    /// <summary>What a person would call the line: the device path, <c>COM3</c>, <c>tcp://host:port</c>.</summary>
    public string Name => _link.Name;

    /// <summary>The clock of this channel's time-outs.</summary>
    public TimeProvider TimeProvider => _time;

    /// <summary>Completes once, with the reason, when the link is lost or the channel disposed. It never fails.</summary>
    public Task<SerialLinkLoss> Closed => _closed.Task;

    /// <summary>How many received lines belonged to no running command and were dropped.</summary>
    public long QuarantinedLines => Interlocked.Read(ref _quarantined);

    /// <summary>Waits for the right to use the channel alone.</summary>
    /// <param name="cancellationToken">Gives up waiting, without a trace.</param>
    /// <returns>The lease; dispose it soon.</returns>
    /// <exception cref="AtChannelClosedException">The line is lost or the channel disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<AtLease> AcquireAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed("");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _turn.WaitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ClosedException("", wasWritten: false);
        }

        if (Volatile.Read(ref _closure) is not null)
        {
            // The close ended the command before, and its turn came here first.
            GiveBack();
            throw ClosedException("", wasWritten: false);
        }

        return new AtLease(this);
    }

    /// <summary>Takes the channel when nobody uses it now.</summary>
    /// <returns>The lease, or null.</returns>
    internal AtLease? TryAcquire() => Volatile.Read(ref _closure) is null && _turn.Wait(0, CancellationToken.None) ? new AtLease(this) : null;

    /// <summary>Runs one command under a lease of its own.</summary>
    /// <inheritdoc cref="AtLease.ExecuteAsync" path="/param"/>
    /// <inheritdoc cref="AtLease.ExecuteAsync" path="/returns"/>
    /// <inheritdoc cref="AtLease.ExecuteAsync" path="/exception"/>
    public async Task<AtReply> ExecuteAsync(AtCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        using AtLease lease = await AcquireAsync(cancellationToken).ConfigureAwait(false);
        return await lease.ExecuteAsync(command, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts listening to unsolicited lines.</summary>
    /// <param name="capacity">How many lines may wait, 1 or more; the newest are dropped and counted beyond that.</param>
    /// <returns>The subscription; dispose it to stop.</returns>
    public AtUrcSubscription SubscribeUrcs(int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var subscription = new AtUrcSubscription(this, capacity);
        lock (_gate)
        {
            if (_closure is null)
            {
                _subscriptions = _subscriptions.Add(subscription);
                return subscription;
            }
        }

        subscription.Complete();
        return subscription;
    }

    /// <summary>
    /// Makes the channel get in step before the next command. For callers that know of an answer to come which nobody will claim, such as
    /// the stray <c>OK</c> after a refused SUB (<c>field-notes.md</c> 11).
    /// </summary>
    public void RequestSynchronisation()
    {
        lock (_gate)
        {
            _unsynchronised = true;
        }
    }

    /// <summary>Closes the link. Running and waiting commands fail at once; it returns within seconds whatever the link does.</summary>
    /// <returns>A task that completes when the channel is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            await _closed.Task.ConfigureAwait(false);
            return;
        }

        Close(new SerialLinkLoss("it was closed by this program", WasDisposed: true));
        _link.Input.CancelPendingRead();
        try
        {
            // A broken driver may block in close for ever (System.IO.Ports does after a hang-up); real time, whatever clock the options have.
            await Task.WhenAll(_link.DisposeAsync().AsTask(), _receiving).WaitAsync(DisposeLimit).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nobody can do anything about a link that fails to close, and the channel is closed in any case.
        }

        await _stallTimer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// How many final results and prompts came that answered nothing. One more than before some commands means that the modem took something else for a
    /// command, as when the count of their data reached it cut short and the rest of the data was read as lines, or that what was taken for an answer
    /// was the echo of data that a lost byte had made unknown.
    /// </summary>
    internal long UnaskedResults => Interlocked.Read(ref _unaskedResults);

    /// <summary>For an answer that cannot be what was asked for: something else is in the line, so the channel gets in step first.</summary>
    internal AtUnexpectedAnswerException NotUnderstood(string command, string what)
    {
        RequestSynchronisation();
        return new AtUnexpectedAnswerException(command, what);
    }

    internal void GiveBack() => _turn.Release();

    internal void Unsubscribe(AtUrcSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = _subscriptions.Remove(subscription);
        }

        subscription.Complete();
    }

    /// <summary>Runs a command for the holder of the lease.</summary>
    internal async Task<AtReply> RunAsync(AtCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed(command.ToString());
        if (NeedsSynchronising)
        {
            await SynchroniseAsync(command, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        var pending = new PendingCommand(command) { Since = _time.GetTimestamp() };
        using var deadline = new CancellationTokenSource(command.FirstTimeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, _closing.Token);
        lock (_gate)
        {
            // From here on a line may be this command's: its CR is about to leave.
            if (_closure is not null)
            {
                throw ClosedException(command.ToString(), wasWritten: false);
            }

            _current = pending;
            _hideUnknownLines = command.IsSensitive;
            Observe();
        }

        _logger.CommandSent(Name, command);
        try
        {
            await WriteAsync(pending.Wire, stop.Token).ConfigureAwait(false);
            lock (_gate)
            {
                pending.Written = true;
            }

            if (command.Data is { } data)
            {
                await Task.WhenAny(pending.Prompted.Task, pending.Answer.Task).WaitAsync(stop.Token).ConfigureAwait(false);
                if (!pending.Answer.Task.IsCompleted)
                {
                    await SendDataAsync(pending, data).ConfigureAwait(false);
                    TimeSpan left = command.Timeout - _time.GetElapsedTime(pending.Since);
                    deadline.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                }
            }

            return await pending.Answer.Task.WaitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (TryGiveUp(pending) is not { } seen)
            {
                return await pending.Answer.Task.ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new AtTimeoutException(command.ToString(), wasWritten: true, pending.State, seen);
        }
        catch (SerialLinkException exception)
        {
            SerialLinkLoss loss = _link.Lost.IsCompletedSuccessfully ? await _link.Lost.ConfigureAwait(false) : new SerialLinkLoss("writing to it failed", Cause: exception);
            Close(loss);
            return await pending.Answer.Task.ConfigureAwait(false);
        }
    }

    private async Task SendDataAsync(PendingCommand pending, ReadOnlyMemory<byte> data)
    {
        lock (_gate)
        {
            pending.DataStarted = true;
            if (pending.EchoSeen && !data.IsEmpty)
            {
                _echoToCome = data;
            }
        }

        // The modem counts now. Neither the caller nor the command's deadline may stop this halfway: the next command would become data.
        await WriteBoundedAsync(data).ConfigureAwait(false);
        lock (_gate)
        {
            pending.DataWritten = true;
        }

        _logger.DataSent(Name, data.Length);
    }

    private async Task WriteBoundedAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        // 9600 baud takes about 1 ms a byte.
        using var limit = new CancellationTokenSource(_options.WriteTimeout + TimeSpan.FromMilliseconds(2 * bytes.Length), _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, _closing.Token);
        await WriteAsync(bytes, stop.Token).ConfigureAwait(false);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // A write that is given up leaves it set: the line did not take the bytes.
        _writingSince = _time.GetTimestamp();
        _writing = true;
        await _link.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        _writing = false;
    }

    // Null when the answer came in the same instant: then it counts.
    private LineObservation? TryGiveUp(PendingCommand pending)
    {
        LineObservation seen;
        lock (_gate)
        {
            if (!ReferenceEquals(_current, pending))
            {
                return null;
            }

            seen = Observed(SymptomOf(pending));

            _current = null;
            _echoToCome = null;
            _unsynchronised = true;
            if (pending.OwesData)
            {
                ReadOnlyMemory<byte> data = pending.Command.Data!.Value;
                _promise = new Promise(data, data.Length, PromptSeen: pending.Prompted.Task.IsCompleted)
                {
                    Pad = pending.DataStarted && !pending.DataWritten,
                    AwaitsAnswer = pending.DataWritten,
                };
            }

            if (pending.OwesResult)
            {
                AtResultLine owed = pending.Command.ResultLine!;
                Owe(owed, owed.MayComeLate ? _time.GetTimestamp() : pending.Since);
            }

            pending.Answer.TrySetCanceled();
        }

        _logger.CommandGivenUp(Name, pending.Command, pending.State);
        return seen;
    }

    private void Close(SerialLinkLoss loss)
    {
        lock (_gate)
        {
            if (_closure is not null)
            {
                return;
            }

            _closure = loss;

            // Before anybody can notice the end of a queue and ask why.
            _closed.TrySetResult(loss);
            if (_current is { } running)
            {
                _current = null;
                running.Answer.TrySetException(ClosedException(running.Command.ToString(), wasWritten: true));
            }

            foreach (AtUrcSubscription subscription in _subscriptions)
            {
                subscription.Complete();
            }

            _subscriptions = [];
        }

        _logger.Closed(Name, loss.Reason);
        _closing.Cancel();
    }

    private void ThrowIfClosed(string command)
    {
        if (Volatile.Read(ref _closure) is not null)
        {
            throw ClosedException(command, wasWritten: false);
        }
    }

    private AtChannelClosedException ClosedException(string command, bool wasWritten) =>
        new(Name, Volatile.Read(ref _closure)?.Reason ?? "it is closing", command, wasWritten, _closure?.Cause);
}
