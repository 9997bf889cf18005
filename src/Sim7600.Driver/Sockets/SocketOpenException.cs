namespace Sim7600.Driver.Sockets;

/// <summary>The modem could not open a socket, or the service that sockets need.</summary>
public sealed class SocketOpenException : AtException
{
    internal SocketOpenException(string command, string target, int? code, string meaning, Exception? innerException = null)
        : base(
            $"Opening {target} failed at {command}: {(code is { } number ? $"{number}, " : "")}{meaning}.",
            command, wasWritten: true, innerException) => Code = code;

    /// <summary>
    /// The modem's number, of <see cref="Protocol.Results.SocketResultCode"/> for TCP and of <see cref="Protocol.Results.CchResultCode"/> for TLS;
    /// null when it gave none.
    /// </summary>
    public int? Code { get; }
}
