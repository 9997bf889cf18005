using Sim7600.Links;

namespace Sim7600.Driver.Lifecycle;

/// <summary>Finds the port of a USB modem again when it comes back under another number.</summary>
internal sealed class PortFinder(string name, Func<IReadOnlyList<Sim7600Port>> find)
{
    private Sim7600Port? _known;

    /// <summary>Where to open it now.</summary>
    /// <returns>The port's name; null when the modem that was used before is not plugged in.</returns>
    public string? Locate()
    {
        if (_known is not { } known)
        {
            return name;
        }

        IReadOnlyList<Sim7600Port> ports = find();

        // Many modules carry the same serial number, so the socket they are plugged into decides first.
        Sim7600Port? port = ports.FirstOrDefault(candidate => candidate.UsbPath == known.UsbPath && candidate.SerialNumber == known.SerialNumber);
        if (port is null && known.SerialNumber is { } serial)
        {
            Sim7600Port[] same = [.. ports.Where(candidate => candidate.SerialNumber == serial)];
            port = same.Length == 1 ? same[0] : null;
        }

        return port?.DevicePath;
    }

    /// <summary>Remembers which modem answered on the port that was opened.</summary>
    public void Remember(string opened)
    {
        string path = opened;
        try
        {
            path = File.ResolveLinkTarget(opened, returnFinalTarget: true)?.FullName ?? opened;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // no path, or no link
        }

        _known = find().FirstOrDefault(port => port.DevicePath == path) ?? _known;
    }
}
