using System.Net.Sockets;

namespace Sim7600.Links.Sockets;

/// <summary>Paths of UNIX sockets, which the system limits to about 100 bytes.</summary>
internal static class UnixPath
{
    /// <summary>The end point of a path.</summary>
    /// <exception cref="SerialLinkException">The path is empty or too long.</exception>
    public static UnixDomainSocketEndPoint EndPoint(string path)
    {
        if (path.Length == 0)
        {
            throw new SerialLinkException(SerialLinkError.BadName, "The UNIX socket's path is empty: write unix:///path/to/socket, with 1 to about 100 bytes for the path.");
        }

        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException error)
        {
            throw new SerialLinkException(SerialLinkError.BadName, $"'{path}' cannot be a UNIX socket: the path is longer than about 100 bytes. Choose a shorter one.", error);
        }
    }
}
