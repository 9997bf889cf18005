using System.Net;
using System.Net.Sockets;
using Sim7600.Links.Sockets;

namespace Sim7600.Links;

/// <summary>Accepts serial lines over TCP or a UNIX socket; each connection is one line.</summary>
public sealed class SerialLinkListener : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly string? _path;
    private bool _disposed;

    private SerialLinkListener(Socket socket, string? path)
    {
        _socket = socket;
        _path = path;
    }

    /// <summary>Where it listens; the port is the real one when 0 was asked for.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint!;

    /// <summary>Listens on TCP.</summary>
    /// <param name="endPoint">Address and port; port 0 takes any free one.</param>
    /// <returns>The listener.</returns>
    /// <exception cref="SerialLinkException">The port is taken or not permitted.</exception>
    public static SerialLinkListener ListenTcp(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        return Listen(socket, endPoint, $"tcp://{endPoint}", null);
    }

    /// <summary>Listens on a UNIX socket. A socket file that nobody serves is replaced; any other file is left alone.</summary>
    /// <param name="path">The path of the socket.</param>
    /// <returns>The listener; disposing it removes the file.</returns>
    /// <exception cref="SerialLinkException">The path is served, taken by another file, or cannot be written.</exception>
    public static SerialLinkListener ListenUnix(string path)
    {
        UnixDomainSocketEndPoint endPoint = UnixPath.EndPoint(path);
        if (Path.Exists(path))
        {
            if (!IsAbandonedSocket(path, endPoint))
            {
                throw new SerialLinkException(SerialLinkError.Busy, $"{path} exists and is in use, or is not a socket; it is left alone. Choose another path.");
            }

            File.Delete(path);
        }

        return Listen(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), endPoint, $"unix://{path}", path);
    }

    /// <summary>Waits for the next connection.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The line.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="SerialLinkException">The listener was closed.</exception>
    public async Task<ISerialLink> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                Socket accepted = await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false);
                return new SocketSerialLink(_path is null ? $"tcp://{accepted.RemoteEndPoint}" : $"unix://{_path}", accepted);
            }
            catch (Exception error) when (error is ObjectDisposedException || (error is SocketException && _disposed))
            {
                throw new SerialLinkException(SerialLinkError.Lost, "The listener was closed.", error);
            }
            catch (SocketException)
            {
                // that client was gone before it was accepted
            }
        }
    }

    /// <summary>Looks at a line that a listener accepted: has its other side closed it, read or not?</summary>
    /// <param name="link">A link from <see cref="AcceptAsync"/>.</param>
    /// <returns>True when the other side is gone; false for any other kind of link.</returns>
    public static bool HasHungUp(ISerialLink link) => link is SocketSerialLink socket && socket.HasHungUp;

    /// <summary>Stops listening and removes the UNIX socket's file; accepted lines live on.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _socket.Dispose(); // .NET removes the file that it bound
        }

        return ValueTask.CompletedTask;
    }

    private static SerialLinkListener Listen(Socket socket, EndPoint endPoint, string name, string? path)
    {
        try
        {
            socket.Bind(endPoint);
            socket.Listen();
            return new SerialLinkListener(socket, path);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => new SerialLinkException(SerialLinkError.Busy, $"{name} is taken by another program. Stop it, or choose another port (0 for any).", error),
                SocketError.AccessDenied => new SerialLinkException(SerialLinkError.NotPermitted, $"You may not listen at {name}. Choose another.", error),
                SocketError.AddressNotAvailable when path is null => new SerialLinkException(SerialLinkError.NotFound, $"{name} is not an address of this machine. Use 127.0.0.1.", error),
                SocketError.AddressNotAvailable => new SerialLinkException(SerialLinkError.NotFound, $"There is no folder for {path}. Make it, or choose another path.", error),
                _ => new SerialLinkException(SerialLinkError.Other, $"{name} cannot be opened: {error.Message.TrimEnd('.')}. Choose another.", error),
            };
        }
    }

    /// <summary>True when the file is a socket that nobody listens on.</summary>
    private static bool IsAbandonedSocket(string path, UnixDomainSocketEndPoint endPoint)
    {
        if (!UnixFile.IsSocket(path))
        {
            return false;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
