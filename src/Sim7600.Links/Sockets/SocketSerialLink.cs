using System.IO.Pipelines;
using System.Net.Sockets;
using Sim7600.Links.Posix;

namespace Sim7600.Links.Sockets;

/// <summary>A serial line carried by a TCP or UNIX stream socket: raw bytes, no negotiation, no delay.</summary>
internal sealed class SocketSerialLink : ISerialLink
{
    private const int ReadSize = 16 * 1024;
    private readonly Socket _socket;
    private readonly Pipe _pipe = new(new PipeOptions(useSynchronizationContext: false));
    private readonly TaskCompletionSource<SerialLinkLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _reading;
    private bool _disposed;

    /// <summary>Takes over a connected socket.</summary>
    public SocketSerialLink(string name, Socket socket)
    {
        Name = name;
        _socket = socket;
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }

        _reading = Task.Run(ReadAsync);
    }

    public string Name { get; }

    public PipeReader Input => _pipe.Reader;

    public IControlLines? ControlLines => null;

    public Task<SerialLinkLoss> Lost => _lost.Task;

    /// <summary>True when the other side has closed the connection, even where the reader has not come to its end yet.</summary>
    public bool HasHungUp
    {
        get
        {
            try
            {
                return _lost.Task.IsCompleted || (OperatingSystem.IsLinux() ? OtherSideHasClosed() : IsReadableWithoutBytes());
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>
    /// One question to the system, because two have an answer between them: "readable", then the reader takes the bytes, then
    /// "nothing there" would look like the end of a line on which somebody is typing.
    /// </summary>
    private unsafe bool OtherSideHasClosed()
    {
        bool isHeld = false;
        try
        {
            _socket.SafeHandle.DangerousAddRef(ref isHeld);
            var entry = new NativeMethods.PollEntry { Descriptor = (int)_socket.SafeHandle.DangerousGetHandle(), Events = NativeMethods.PollPeerClosed };
            return NativeMethods.Poll(&entry, 1, 0) > 0;
        }
        finally
        {
            if (isHeld)
            {
                _socket.SafeHandle.DangerousRelease();
            }
        }
    }

    /// <summary>Where there is no such question: asked again, so that bytes which the reader took in between rarely look like the end.</summary>
    private bool IsReadableWithoutBytes()
    {
        for (int i = 0; i < 3; i++)
        {
            if (!_socket.Poll(0, SelectMode.SelectRead) || _socket.Available > 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Connects over TCP.</summary>
    /// <exception cref="SerialLinkException">Nothing answers there in time.</exception>
    public static async Task<SocketSerialLink> ConnectTcpAsync(string host, int port, TimeSpan limit, CancellationToken cancellationToken)
    {
        string name = host.Contains(':', StringComparison.Ordinal) ? $"tcp://[{host}]:{port}" : $"tcp://{host}:{port}";
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        return await ConnectAsync(name, socket, token => socket.ConnectAsync(host, port, token), limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Connects to a UNIX socket.</summary>
    /// <exception cref="SerialLinkException">Nothing answers there in time.</exception>
    public static async Task<SocketSerialLink> ConnectUnixAsync(string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        UnixDomainSocketEndPoint endPoint = UnixPath.EndPoint(path);
        if (!Path.Exists(path))
        {
            throw new SerialLinkException(SerialLinkError.NotFound, $"There is no socket {path}. Is the program running that listens there (the emulator does with --unix {path})?");
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        return await ConnectAsync($"unix://{path}", socket, token => socket.ConnectAsync(endPoint, token), limit, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!bytes.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_lost.Task.IsCompleted)
                {
                    throw LostException(null);
                }

                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            throw LostException(error);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            await _reading.ConfigureAwait(false);
            return;
        }

        _lost.TrySetResult(new SerialLinkLoss("the link was closed by this side", WasDisposed: true));
        await _ending.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _reading.ConfigureAwait(false);
        _ending.Dispose();
    }

    private static async Task<SocketSerialLink> ConnectAsync(
        string name, Socket socket, Func<CancellationToken, ValueTask> connect, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(limit);
        try
        {
            await connect(ending.Token).ConfigureAwait(false);
            return new SocketSerialLink(name, socket);
        }
        catch (Exception error)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw error switch
            {
                OperationCanceledException => new SerialLinkException(
                    SerialLinkError.NotFound, $"{name} did not answer within {limit.TotalSeconds:0.#} s. Check host, port and firewall.", error),
                SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => new SerialLinkException(
                    SerialLinkError.NotFound, $"The host of {name} is not known. Check its name.", error),
                SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new SerialLinkException(
                    SerialLinkError.NotFound, $"Nothing listens at {name}. Is the emulator running, and is the port right?", error),
                SocketException { SocketErrorCode: SocketError.AddressNotAvailable } when socket.AddressFamily == AddressFamily.Unix => new SerialLinkException(
                    SerialLinkError.NotFound, $"There is no socket {name["unix://".Length..]}. Is the emulator running, and is the path right?", error),
                SocketException { SocketErrorCode: SocketError.AccessDenied } => new SerialLinkException(
                    SerialLinkError.NotPermitted, $"You may not connect to {name}.", error),
                SocketException other => new SerialLinkException(SerialLinkError.Other, $"{name} cannot be reached: {other.Message.TrimEnd('.')}.", error),
                _ => error,
            };
        }
    }

    private SerialLinkException LostException(Exception? cause) => new(
        SerialLinkError.Lost,
        $"The link {Name} is gone: {(_lost.Task.IsCompleted ? _lost.Task.Result.Reason : "the other side closed the connection")}. Open it again.",
        cause);

    private async Task ReadAsync()
    {
        var loss = new SerialLinkLoss("the other side closed the connection");
        try
        {
            while (true)
            {
                int read = await _socket.ReceiveAsync(_pipe.Writer.GetMemory(ReadSize), _ending.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                _pipe.Writer.Advance(read);
                await _pipe.Writer.FlushAsync(_ending.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            loss = new SerialLinkLoss("the connection broke", Cause: error);
        }

        _lost.TrySetResult(loss);
        await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
    }
}
