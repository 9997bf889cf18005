using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Threading.Channels;
using Sim7600.Driver.Channel;

namespace Sim7600.Driver.Sockets;

/// <summary>
/// A connection through the modem's own TCP or TLS: one number of AT+CIPOPEN or AT+CCHOPEN. Reading and writing may go on at the same time;
/// one reader and one writer at a time. Dispose it, best with <c>await using</c>, to close the connection and free its number.
/// </summary>
/// <remarks>
/// <para>Reading gives 0 once the peer has closed and everything was read, and throws <see cref="SocketBrokenException"/> when the connection
/// ended otherwise. A cancelled read loses nothing.</para>
/// <para>Writing completes when the modem has all bytes on their way, which is no proof that the peer has them. A write that is cancelled
/// before its first byte leaves no trace. One that is cancelled later ends at once, the bytes that the modem counts are still given to it, and the
/// socket takes no further writes.</para>
/// </remarks>
[SuppressMessage("Design", "CA1711", Justification = "It is a stream.")]
public sealed class SocketStream : Stream
{
    private const int PushedTimesBuffer = 16;
    private const int MostSilentFetches = 3;
    private static readonly TimeSpan DeliveryLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly SocketsFeature _owner;
    private readonly SocketOptions _options;
    private readonly Pipe _received = new(new PipeOptions(pauseWriterThreshold: 0, resumeWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Channel<bool> _news = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _life = new();
    private List<AtUrc>? _early = [];
    private TaskCompletionSource? _delivered;
    private TaskCompletionSource<string?>? _sent;
    private long _deliveredAt;
    private long _openedAt;
    private long _total;
    private long _buffered;
    private bool _mayWait;
    private bool _isClosedByPeer;
    private bool _hasEnded;
    private (SocketEnd End, string? Detail)? _fault;
    private (SocketEnd End, string? Detail)? _writeFault;
    private Exception? _cause;
    private int _disposed;

    internal SocketStream(SocketsFeature owner, SocketFamily family, int number, string target, SocketOptions options)
    {
        _owner = owner;
        Family = family;
        Number = number;
        Target = target;
        _options = options;
        if (options.ReceiveMode == SocketReceiveMode.Manual)
        {
            _ = Task.Run(FetchAsync);
        }
    }

    /// <summary>The number of the link (0 to 9) or TLS session (0 or 1) in the modem.</summary>
    public int Number { get; }

    /// <summary>Whom it was opened to, as <c>host:port</c>.</summary>
    public string Target { get; }

    /// <summary>True until the connection has ended or the socket was disposed; bytes may still wait to be read afterwards.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_gate)
            {
                return !_isClosedByPeer && _fault is null && _disposed == 0;
            }
        }
    }

    /// <summary>True.</summary>
    public override bool CanRead => true;

    /// <summary>False.</summary>
    public override bool CanSeek => false;

    /// <summary>True.</summary>
    public override bool CanWrite => true;

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    internal SocketFamily Family { get; }

    /// <summary>How many bytes wait in the modem by its last answer.</summary>
    internal long LeftInModem { get; private set; }

    /// <summary>True when the modem has closed it, so that there is nothing to close.</summary>
    internal bool IsGone
    {
        get
        {
            lock (_gate)
            {
                return _isClosedByPeer || _fault is { End: SocketEnd.ModemRestarted or SocketEnd.LineLost or SocketEnd.NetworkLost };
            }
        }
    }

    private string Name => $"{Family.Noun} {Number} to {Target}";

    /// <summary>Reads what has come, at least one byte.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="cancellationToken">Gives up; nothing is lost.</param>
    /// <returns>How many bytes; 0 when the peer has closed the connection and everything was read.</returns>
    /// <exception cref="SocketBrokenException">The connection ended otherwise.</exception>
    /// <exception cref="ObjectDisposedException">The socket is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (buffer.IsEmpty)
        {
            return 0;
        }

        ReadResult read = await _received.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        int count = (int)Math.Min(read.Buffer.Length, buffer.Length);
        ReadOnlySequence<byte> taken = read.Buffer.Slice(0, count);
        taken.CopyTo(buffer.Span);
        _received.Reader.AdvanceTo(taken.End);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        lock (_gate)
        {
            _buffered -= count;
            if (count == 0 && _fault is not null)
            {
                throw Broken(_fault.Value);
            }
        }

        _news.Writer.TryWrite(true);
        return count;
    }

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocks; prefer <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)" path="/returns"/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Sends bytes, in pieces that the modem takes.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="cancellationToken">Gives up; see the remarks of the type.</param>
    /// <returns>A task that completes when the modem has all bytes on their way.</returns>
    /// <exception cref="SocketBrokenException">The connection has ended, or the modem could not send all.</exception>
    /// <exception cref="ObjectDisposedException">The socket is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfNotWritable();
            bool hasStarted = false;
            while (!buffer.IsEmpty)
            {
                ReadOnlyMemory<byte> piece = buffer[..Math.Min(buffer.Length, Family.LargestSend)];
                await SendAsync(piece, hasStarted, cancellationToken).ConfigureAwait(false);
                hasStarted = true;
                buffer = buffer[piece.Length..];
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Blocks; prefer <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Does nothing: nothing is kept back.</summary>
    public override void Flush()
    {
    }

    /// <summary>Does nothing: nothing is kept back.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Closes the connection and frees its number. It takes 30 s at most, whatever the modem does, and does not fail.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        lock (_gate)
        {
            _sent?.TrySetResult(null);
        }

        await _life.CancelAsync().ConfigureAwait(false);
        _received.Reader.CancelPendingRead();
        await _owner.CloseAsync(this).ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>The connection is up: what the modem said before that was about an earlier one of the same number.</summary>
    internal void Opened(long sequence)
    {
        lock (_gate)
        {
            List<AtUrc> early = _early!;
            _early = null;
            _openedAt = sequence;
            early.ForEach(Take);
        }
    }

    /// <summary>The connection did not come about.</summary>
    internal void Forget()
    {
        Volatile.Write(ref _disposed, 1);
        _life.Cancel();
    }

    /// <summary>Takes an unsolicited line of this socket; on the feature's router.</summary>
    internal void Receive(AtUrc urc)
    {
        lock (_gate)
        {
            if (_early is { } early && !_hasEnded)
            {
                early.Add(urc);
                return;
            }

            Take(urc);
        }
    }

    /// <summary>Ends the socket; what has come can still be read.</summary>
    internal void Break(SocketEnd end, string? detail = null, Exception? cause = null)
    {
        lock (_gate)
        {
            if (_fault is null && !_hasEnded)
            {
                _fault = (end, detail);
                _cause = cause;
            }

            End();
        }
    }

    /// <summary>Lines were dropped before they reached this socket.</summary>
    internal void MissedSomething()
    {
        if (_options.ReceiveMode == SocketReceiveMode.Push)
        {
            Break(SocketEnd.Overrun);
            return;
        }

        lock (_gate)
        {
            _mayWait = true;
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Starts to wait for bytes that are about to be asked for.</summary>
    internal Task AwaitDelivery(int bytes)
    {
        lock (_gate)
        {
            _delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _deliveredAt = _total + bytes;
            LeftInModem = 0;
            return _delivered.Task;
        }
    }

    /// <summary>Waits for them, but not for ever: the modem may have answered with fewer.</summary>
    internal async Task DeliveredAsync(Task delivered, CancellationToken cancellationToken)
    {
        try
        {
            await delivered.WaitAsync(DeliveryLimit, Family.Channel.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whatever did come is in its place.
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = DisposeAsync().AsTask();
        }

        base.Dispose(disposing);
    }

    private void Take(AtUrc urc)
    {
        if (urc.Sequence <= _openedAt)
        {
            return; // about an earlier connection of this number, or an earlier life of the modem
        }

        switch (urc.Kind.Prefix)
        {
            case "+CIPEVENT:":
                Break(SocketEnd.NetworkLost, urc.Parameters);
                break;
            case var _ when urc.Kind.IsBootBanner:
                Break(SocketEnd.ModemRestarted);
                break;
            case "+CIPSEND:" or "+CCHSEND:":
                _sent?.TrySetResult(urc.Line);
                break;
            case "+CIPRXGET: 1," or "+CCHEVENT:":
                _mayWait = true;
                break;
            case "+IPCLOSE:" or "+CCH_PEER_CLOSED:" or "+CCH_RECV_CLOSED:" or "+CCH_RECV_ERROR:":
                _isClosedByPeer = true;
                _mayWait = true;
                _sent?.TrySetResult(null);
                if (_options.ReceiveMode == SocketReceiveMode.Push)
                {
                    End();
                }

                break;
            default:
                Keep(urc);
                break;
        }

        _news.Writer.TryWrite(true);
    }

    private void Keep(AtUrc urc)
    {
        if (_hasEnded)
        {
            return;
        }

        if (urc.Kind.Prefix == "+CIPRXGET: 2,")
        {
            string left = urc.Parameters[(urc.Parameters.LastIndexOf(',') + 1)..];
            LeftInModem = long.TryParse(left, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : 0;
        }

        _total += urc.Data.Length;
        _buffered += urc.Data.Length;
        if (!urc.Data.IsEmpty)
        {
            _received.Writer.Write(urc.Data.Span);
            _ = _received.Writer.FlushAsync(CancellationToken.None).AsTask(); // never waits: the pipe has no limit of its own
        }

        if (_total >= _deliveredAt || urc.Data.IsEmpty)
        {
            _delivered?.TrySetResult();
        }

        if (_options.ReceiveMode == SocketReceiveMode.Push && _buffered > (long)PushedTimesBuffer * _options.ReceiveBuffer)
        {
            Break(SocketEnd.Overrun);
        }
    }

    private void End()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            _received.Writer.Complete();
            _delivered?.TrySetResult();
            _sent?.TrySetResult(null);
            _news.Writer.TryWrite(true);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> piece, bool hasStarted, CancellationToken cancellationToken)
    {
        bool mayHaveLeft = hasStarted;
        try
        {
            Task<string?> sent;
            using (AtLease lease = await Family.Channel.AcquireAsync(cancellationToken).ConfigureAwait(false))
            {
                ThrowIfNotWritable();
                mayHaveLeft = true;
                sent = AwaitSent();
                AtReply? reply = await SocketFamily.TryAsync(lease, Family.SendCommand(Number, piece, _options.SendTimeout), cancellationToken).ConfigureAwait(false);
                if (reply is not { Final.IsSuccess: true })
                {
                    throw Refused($"the send was refused: {reply?.ResultLine ?? "ERROR"}");
                }
            }

            // The channel is free while the network takes the bytes: a peer that does not read before it is read would wait for ever otherwise.
            if (Family.ReportsSends)
            {
                string? line = await sent.WaitAsync(_options.SendTimeout, Family.Channel.TimeProvider, cancellationToken).ConfigureAwait(false);
                if (line is null)
                {
                    ThrowIfNotWritable();
                }
                else if (Family.FailureIn(line, piece.Length) is { } failure)
                {
                    throw Refused(failure);
                }
            }
        }
        catch (OperationCanceledException) when (mayHaveLeft)
        {
            SpoilWrites();
            throw;
        }
        catch (TimeoutException exception)
        {
            SpoilWrites();
            throw Broken((SocketEnd.WriteInterrupted, $"the modem did not say within {_options.SendTimeout.TotalSeconds:0.#} s that the bytes are on their way"), exception);
        }
        catch (AtChannelClosedException exception)
        {
            Break(SocketEnd.LineLost, cause: exception);
            throw Broken((SocketEnd.LineLost, null), exception);
        }
        catch (AtModemRestartedException exception)
        {
            Break(SocketEnd.ModemRestarted, cause: exception);
            throw Broken((SocketEnd.ModemRestarted, null), exception);
        }
        catch (AtException exception)
        {
            if (!exception.WasWritten && !hasStarted)
            {
                throw new IOException($"{Name}: nothing was sent. {exception.Message}", exception);
            }

            SpoilWrites();
            throw Broken((SocketEnd.WriteInterrupted, null), exception);
        }
    }

    private Task<string?> AwaitSent()
    {
        lock (_gate)
        {
            _sent = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_hasEnded || _isClosedByPeer)
            {
                _sent.SetResult(null);
            }

            return _sent.Task;
        }
    }

    private SocketBrokenException Refused(string detail)
    {
        lock (_gate)
        {
            _writeFault ??= (SocketEnd.SendFailed, detail);
            return Broken(_isClosedByPeer ? (SocketEnd.ClosedByPeer, detail) : _writeFault.Value);
        }
    }

    private void SpoilWrites()
    {
        lock (_gate)
        {
            _writeFault ??= (SocketEnd.WriteInterrupted, null);
        }
    }

    private void ThrowIfNotWritable()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        lock (_gate)
        {
            if (_fault is { } fault)
            {
                throw Broken(fault);
            }

            if (_isClosedByPeer)
            {
                throw Broken((SocketEnd.ClosedByPeer, null));
            }

            if (_writeFault is { } earlier)
            {
                throw Broken(earlier);
            }
        }
    }

    private SocketBrokenException Broken((SocketEnd End, string? Detail) fault, Exception? cause = null) => new(Name, fault.End, fault.Detail, cause ?? _cause);

    /// <summary>Manual mode: asks for received bytes while some wait in the modem and there is room here.</summary>
    private async Task FetchAsync()
    {
        int silent = 0;
        try
        {
            while (true)
            {
                await _news.Reader.ReadAsync(_life.Token).ConfigureAwait(false);
                while (WantsBytes())
                {
                    bool mayWait = true;
                    try
                    {
                        mayWait = await Family.FetchAsync(this, _life.Token).ConfigureAwait(false);
                        silent = 0;
                    }
                    catch (AtTimeoutException exception) when (++silent >= MostSilentFetches)
                    {
                        Break(SocketEnd.ModemSilent, cause: exception);
                        return;
                    }
                    catch (Exception exception) when (exception is AtTimeoutException or AtUnexpectedAnswerException)
                    {
                        // What it answers late still comes to its place.
                    }

                    lock (_gate)
                    {
                        _mayWait |= mayWait;
                    }
                }

                lock (_gate)
                {
                    if (_isClosedByPeer && !_mayWait)
                    {
                        End();
                    }

                    if (_hasEnded)
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // disposed
        }
        catch (AtModemRestartedException exception)
        {
            Break(SocketEnd.ModemRestarted, cause: exception);
        }
        catch (AtException exception)
        {
            Break(exception is AtChannelClosedException ? SocketEnd.LineLost : SocketEnd.ModemSilent, cause: exception);
        }
    }

    // Clears the wish: an event that comes while bytes are fetched sets it again.
    private bool WantsBytes()
    {
        lock (_gate)
        {
            if (_hasEnded || !_mayWait || _buffered >= _options.ReceiveBuffer)
            {
                return false;
            }

            _mayWait = false;
            return true;
        }
    }
}
