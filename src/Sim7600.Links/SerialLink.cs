using System.Globalization;
using Sim7600.Links.Posix;
using Sim7600.Links.Sockets;

namespace Sim7600.Links;

/// <summary>Opens a link by its name.</summary>
public static class SerialLink
{
    /// <summary>Opens a link.</summary>
    /// <param name="name">
    /// A device path, <c>COM3</c>, <c>tcp://host:port</c>, <c>unix:///path</c>, the path of a UNIX socket, or <c>auto</c> for
    /// the AT port of the one SIM7600 that is plugged in.
    /// </param>
    /// <param name="settings">Speed and flow control of a serial port; null is the factory setting of the modem.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <returns>The open link.</returns>
    /// <exception cref="SerialLinkException">It cannot be opened; the message says in one line what, why, and what to try.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ISerialLink> OpenAsync(string name, SerialSettings? settings = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        settings ??= SerialSettings.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.BaudRate, 1, nameof(settings));
        cancellationToken.ThrowIfCancellationRequested();
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new SerialLinkException(SerialLinkError.BadName, "The modem's port is empty. Name a device such as /dev/ttyUSB2, COM3, tcp://host:port, unix:///path or auto.");
        }

        if (name.StartsWith("tcp://", StringComparison.OrdinalIgnoreCase))
        {
            (string host, int port) = ReadAddress(name);
            return await SocketSerialLink.ConnectTcpAsync(host, port, settings.OpenTimeout, cancellationToken).ConfigureAwait(false);
        }

        if (name.StartsWith("unix://", StringComparison.OrdinalIgnoreCase))
        {
            return await SocketSerialLink.ConnectUnixAsync(name["unix://".Length..], settings.OpenTimeout, cancellationToken).ConfigureAwait(false);
        }

        if (name.Contains("://", StringComparison.Ordinal))
        {
            throw new SerialLinkException(SerialLinkError.BadName, $"'{name}' is not a modem port. Use a device path, COM3, tcp://host:port, unix:///path or auto.");
        }

        if (name.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            name = FindOnly();
        }

        if (UnixFile.IsSocket(name))
        {
            return await SocketSerialLink.ConnectUnixAsync(name, settings.OpenTimeout, cancellationToken).ConfigureAwait(false);
        }

        return OperatingSystem.IsLinux() ? PosixSerialLink.Open(name, settings) : SystemSerialLink.Open(name, settings);
    }

    private static (string Host, int Port) ReadAddress(string name)
    {
        string rest = name["tcp://".Length..].TrimEnd('/');
        int colon = rest.LastIndexOf(':');
        string host = colon > 0 && IsHost(rest[..colon]) ? rest[..colon].Trim('[', ']') : "";
        return host.Length > 0 && int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535
            ? (host, port)
            : throw new SerialLinkException(SerialLinkError.BadName, $"'{name}' is not tcp://host:port with a port of 1 to 65535; an IPv6 address stands in brackets, tcp://[::1]:7600.");
    }

    private static bool IsHost(string text) => !text.Contains(':', StringComparison.Ordinal) || (text.StartsWith('[') && text.EndsWith(']'));

    private static string FindOnly()
    {
        IReadOnlyList<Sim7600Port> found = Sim7600Ports.Find();
        return found.Count switch
        {
            1 => found[0].DevicePath,
            0 => throw new SerialLinkException(SerialLinkError.NotFound, "No SIM7600 is plugged in (no USB device 1e0e:9001 with an AT port). Name the port, or start an emulator and name its port."),
            _ => throw new SerialLinkException(
                SerialLinkError.BadName, $"{found.Count} SIM7600 modems are plugged in: {string.Join(", ", found.Select(port => port.DevicePath))}. Name the one to use."),
        };
    }
}
