using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;
using Sim7600.Links.Posix;
using static Sim7600.Links.Posix.NativeMethods;

namespace Sim7600.Links;

/// <summary>
/// A virtual COM port: the emulator's end of a PTY, with a stable path for clients. It behaves as a real port does: clients
/// come and go, nobody reads what is printed while nobody is there, and each client finds a clean line.
/// </summary>
public sealed class PtyPort : ISerialLink
{
    /// <summary>How often to look for a client while there is none, in milliseconds.</summary>
    private const int LookPeriod = 20;

    private readonly PolledPort _port;
    private readonly PtyLink? _link;
    private readonly int _master;

    private PtyPort(int master, string slavePath, PtyLink? link, int readAhead)
    {
        _master = master;
        SlavePath = slavePath;
        _link = link;
        _port = new PolledPort(Name, master, LookPeriod, ClientChanged, readAhead);
    }

    /// <summary>Tells on the thread pool when a client has opened the port (true) or the last one has closed it (false).</summary>
    public event EventHandler<bool>? ClientConnectionChanged;

    /// <summary>The link's path, or the PTY's own when there is no link.</summary>
    public string Name => _link?.Path ?? SlavePath;

    /// <summary>The PTY's own path, such as <c>/dev/pts/3</c>.</summary>
    public string SlavePath { get; }

    /// <summary>The stable path, or null.</summary>
    public string? LinkPath => _link?.Path;

    /// <summary>True while at least one client has the port open; up to 20 ms late.</summary>
    public bool IsClientConnected => !_port.IsHungUp;

    /// <inheritdoc/>
    public PipeReader Input => _port.Input;

    /// <inheritdoc/>
    public IControlLines? ControlLines => null;

    /// <inheritdoc/>
    public Task<SerialLinkLoss> Lost => _port.Lost;

    /// <summary>Creates a port.</summary>
    /// <param name="linkPath">Where clients find it, for example <c>/tmp/ttySIM7600</c>; null leaves it at <see cref="SlavePath"/>.</param>
    /// <param name="readAhead">
    /// How many bytes, 1 or more, are read before somebody takes them from <see cref="Input"/>; the system keeps some 20 KB more, and
    /// then the client's writes wait.
    /// </param>
    /// <returns>The port, open and without a client.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="readAhead"/> is below 1.</exception>
    /// <exception cref="SerialLinkException">The path is served by a running port, taken by a file, or cannot be written.</exception>
    /// <exception cref="PlatformNotSupportedException">The system has no PTYs.</exception>
    public static PtyPort Create(string? linkPath = null, int readAhead = PolledPort.UsualReadAhead)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readAhead, 1);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Virtual COM ports are PTYs, which need Linux. Use a TCP port or a serial device instead.");
        }

        int master = OpenMaster(ReadWrite | NoControllingTerminal | CloseOnExec | NonBlocking);
        if (master < 0 || GrantSlave(master) != 0 || UnlockSlave(master) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            _ = master < 0 ? 0 : Close(master);
            throw new SerialLinkException(SerialLinkError.Other, $"No PTY can be made: {Marshal.GetPInvokeErrorMessage(error)}.");
        }

        try
        {
            // Raw before anybody knows the name: else the line discipline echoes the modem's output back as commands.
            MakeRaw(master);
            string slave = ReadSlaveName(master);
            HangUp(slave);
            return new PtyPort(master, slave, linkPath is null ? null : PtyLink.Create(linkPath, slave), readAhead);
        }
        catch
        {
            _ = Close(master);
            throw;
        }
    }

    /// <summary>
    /// Writes to the client. While no client has the port open the bytes go nowhere; a client that does not read makes this wait.
    /// </summary>
    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => _port.WriteAsync(bytes, cancellationToken);

    /// <summary>Removes the link and closes the port; a client sees an unplugged device.</summary>
    /// <returns>A task that completes when the port is gone.</returns>
    public async ValueTask DisposeAsync()
    {
        _link?.Dispose();
        await _port.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The line settings that the client has chosen, read from the master; parity and character size are masked by PTYs.</summary>
    /// <returns>Baud rate and flow control; the factory settings once the port is closed.</returns>
    public SerialSettings ReadClientSettings() => _port.Use(
        master =>
        {
            Termios2 line = default;
            return Control(master, GetTermios2, ref line) == 0
                ? new SerialSettings { BaudRate = (int)line.OutputSpeed, HardwareFlowControl = line.HasHardwareFlowControl }
                : SerialSettings.Default;
        },
        SerialSettings.Default);

    /// <summary>
    /// Counts what has arrived at the client's side and was not read yet. The system tells no more than 4,095, and nothing while
    /// the client has its port locked against other programs, unless this process may override that (root).
    /// </summary>
    /// <returns>Bytes; null where the system does not tell.</returns>
    public int? CountUnread() => _port.Use<int?>(
        _ =>
        {
            int slave = Open(SlavePath, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec);
            if (slave < 0)
            {
                return null;
            }

            int count = 0;
            bool told = Control(slave, CountInput, ref count) == 0;
            _ = Close(slave);
            return told ? count : null;
        },
        null);

    private static void MakeRaw(int master)
    {
        Termios2 line = default;
        _ = Control(master, GetTermios2, ref line);
        line.MakeRaw();
        line.SetLine(SerialSettings.Default.BaudRate, hardwareFlowControl: false);
        if (Control(master, SetTermios2, ref line) != 0)
        {
            throw new SerialLinkException(SerialLinkError.Other, $"The PTY cannot be made raw: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    private static unsafe string ReadSlaveName(int master)
    {
        byte* buffer = stackalloc byte[256];
        return SlaveName(master, buffer, 256) == 0
            ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer))
            : throw new SerialLinkException(SerialLinkError.Other, $"The PTY has no name: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }

    /// <summary>
    /// Comes and goes as the first client. Before that a PTY reports no hang-up: it looks as if a client were there, and
    /// what is written waits for whoever comes.
    /// </summary>
    private static void HangUp(string slave)
    {
        int client = Open(slave, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec);
        if (client < 0 || Close(client) != 0)
        {
            throw new SerialLinkException(SerialLinkError.Other, $"The PTY {slave} cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    private void ClientChanged(bool connected)
    {
        if (!connected)
        {
            CleanSlave();
        }

        ThreadPool.QueueUserWorkItem(_ => ClientConnectionChanged?.Invoke(this, connected));
    }

    /// <summary>What the last client left behind must not meet the next: its settings, and output that it did not read.</summary>
    private void CleanSlave()
    {
        MakeRaw(_master);
        int slave = Open(SlavePath, ReadWrite | NoControllingTerminal | NonBlocking | CloseOnExec);
        if (slave >= 0)
        {
            _ = Control(slave, ClearExclusive, 0);
            _ = Control(slave, FlushQueue, FlushInput);
            _ = Close(slave);
        }
    }
}
