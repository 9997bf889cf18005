using System.IO.Pipelines;
using System.Runtime.InteropServices;
using static Sim7600.Links.Posix.NativeMethods;

namespace Sim7600.Links.Posix;

/// <summary>A serial device of Linux, or the client's side of a PTY: raw bytes, any speed, and a loss that is noticed.</summary>
internal sealed class PosixSerialLink : ISerialLink
{
    /// <summary>How often to look whether all bytes have left.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(1);

    private readonly PolledPort _port;

    private PosixSerialLink(string name, int descriptor, SerialSettings settings)
    {
        Name = name;
        Settings = settings;
        ControlLines = PosixControlLines.Of(descriptor);
        _port = new PolledPort(name, descriptor);
    }

    public string Name { get; }

    public SerialSettings? Settings { get; private set; }

    public PipeReader Input => _port.Input;

    public IControlLines? ControlLines { get; }

    public Task<SerialLinkLoss> Lost => _port.Lost;

    /// <summary>Opens a device.</summary>
    /// <exception cref="SerialLinkException">It cannot be opened; the message says why and what to try.</exception>
    public static PosixSerialLink Open(string path, SerialSettings settings)
    {
        int descriptor = NativeMethods.Open(path, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec);
        if (descriptor < 0)
        {
            throw CannotOpen(path, Marshal.GetLastPInvokeError());
        }

        try
        {
            Prepare(path, descriptor, settings);
            return new PosixSerialLink(path, descriptor, settings);
        }
        catch
        {
            _ = Lock(descriptor, Unlock);
            _ = Close(descriptor);
            throw;
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => _port.WriteAsync(bytes, cancellationToken);

    public async ValueTask<bool> ChangeSettingsAsync(SerialSettings settings, CancellationToken cancellationToken = default)
    {
        while (_port.Use(descriptor => Count(descriptor), otherwise: 0) > 0)
        {
            await Task.Delay(LookPeriod, cancellationToken).ConfigureAwait(false);
        }

        // What is left is in the chip, whose driver waits for it no longer than it may take.
        int? error = _port.Use(descriptor => Set(descriptor, settings, SetTermios2WhenSent), otherwise: (int?)null);
        if (error is null)
        {
            throw new SerialLinkException(SerialLinkError.Lost, $"The link {Name} is gone. Open it again.");
        }

        if (error != 0)
        {
            throw BadSetting(Name, settings, error.Value);
        }

        Settings = settings;
        return true;

        static int Count(int descriptor)
        {
            int count = 0;
            return Control(descriptor, CountOutput, ref count) == 0 ? count : 0;
        }
    }

    public ValueTask DisposeAsync() => _port.DisposeAsync();

    private static void Prepare(string path, int descriptor, SerialSettings settings)
    {
        if (IsTerminal(descriptor) == 0)
        {
            throw new SerialLinkException(SerialLinkError.NotASerialPort, $"{path} is not a serial port. Name a device such as /dev/ttyUSB2, or 'auto'.");
        }

        if (Lock(descriptor, LockExclusive | LockNonBlocking) != 0)
        {
            throw Busy(path);
        }

        // On a PTY the flag would outlive us as long as the master lives, and lock out whoever comes next.
        if (!IsPty(path) && Control(descriptor, SetExclusive, 0) != 0)
        {
            throw Busy(path);
        }

        int error = Set(descriptor, settings, SetTermios2);
        if (error != 0)
        {
            throw BadSetting(path, settings, error);
        }

        _ = Control(descriptor, FlushQueue, FlushBoth);
    }

    /// <returns>0, or the system's error.</returns>
    private static int Set(int descriptor, SerialSettings settings, uint request)
    {
        Termios2 line = default;
        bool done = Control(descriptor, GetTermios2, ref line) == 0;
        line.MakeRaw();
        line.SetLine(settings.BaudRate, settings.HardwareFlowControl);
        return done && Control(descriptor, request, ref line) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private static SerialLinkException BadSetting(string path, SerialSettings settings, int error) => new(
        SerialLinkError.BadSetting,
        $"{path} does not take {settings.BaudRate} baud{(settings.HardwareFlowControl ? " with RTS/CTS" : "")} (error {error}). Choose another speed.");

    private static bool IsPty(string path)
    {
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return target.StartsWith("/dev/pts/", StringComparison.Ordinal);
    }

    private static SerialLinkException Busy(string path)
    {
        string? holder = DeviceHolder.Find(path);
        return new SerialLinkException(
            SerialLinkError.Busy,
            $"{path} is in use{(holder is null ? "" : $" by {holder}")}. Close the other program"
            + $"{(holder?.Contains("ModemManager", StringComparison.Ordinal) == true ? " (systemctl stop ModemManager)" : "")} or choose another port.");
    }

    private static SerialLinkException CannotOpen(string path, int error) => error switch
    {
        _ when path.Length == 0 => new SerialLinkException(SerialLinkError.BadName, "The port's name is empty. Name a device such as /dev/ttyUSB2, or 'auto'."),
        NoEntry => new SerialLinkException(
            SerialLinkError.NotFound,
            $"There is no port {path}. Is the modem plugged in, or the emulator running? 'sim7600 ports' lists what is there."),
        AccessDenied or NotPermitted => new SerialLinkException(
            SerialLinkError.NotPermitted,
            $"You may not open {path}. Join the group that owns it (usually 'sudo usermod -aG dialout $USER', then log in again)."),
        NativeMethods.Busy => Busy(path),
        NoDevice or NoSuchDevice => new SerialLinkException(
            SerialLinkError.NotFound, $"{path} has no device behind it. Is the modem plugged in and powered?"),
        IsDirectory => new SerialLinkException(
            SerialLinkError.NotASerialPort, $"{path} is a folder, not a serial port. Name a device such as /dev/ttyUSB2, or 'auto'."),
        _ => new SerialLinkException(SerialLinkError.Other, $"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}."),
    };
}
