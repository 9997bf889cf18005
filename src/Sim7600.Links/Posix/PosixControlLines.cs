using System.Runtime.InteropServices;
using static Sim7600.Links.Posix.NativeMethods;

namespace Sim7600.Links.Posix;

/// <summary>The control lines of a serial device, by TIOCMGET and TIOCMSET.</summary>
internal sealed class PosixControlLines : IControlLines
{
    private const int Dtr = 0x002;
    private const int Rts = 0x004;
    private const int Cts = 0x020;
    private const int Carrier = 0x040;
    private const int Ring = 0x080;
    private const int Dsr = 0x100;
    private readonly int _descriptor;

    private PosixControlLines(int descriptor)
    {
        _descriptor = descriptor;
    }

    public bool DataTerminalReady
    {
        get => Get(Dtr);
        set => Set(Dtr, value);
    }

    public bool RequestToSend
    {
        get => Get(Rts);
        set => Set(Rts, value);
    }

    public bool ClearToSend => Get(Cts);

    public bool DataSetReady => Get(Dsr);

    public bool CarrierDetect => Get(Carrier);

    public bool RingIndicator => Get(Ring);

    /// <summary>The lines of a device with DTR and RTS asserted, or null where it has none, as a PTY.</summary>
    public static PosixControlLines? Of(int descriptor)
    {
        int lines = 0;
        if (Control(descriptor, GetModemLines, ref lines) != 0)
        {
            return null;
        }

        lines |= Dtr | Rts;
        _ = Control(descriptor, SetModemLines, ref lines);
        return new PosixControlLines(descriptor);
    }

    private bool Get(int line) => (Read() & line) != 0;

    private int Read()
    {
        int lines = 0;
        return Control(_descriptor, GetModemLines, ref lines) == 0 ? lines : throw Fault();
    }

    private void Set(int line, bool asserted)
    {
        int lines = Read();
        lines = asserted ? lines | line : lines & ~line;
        if (Control(_descriptor, SetModemLines, ref lines) != 0)
        {
            throw Fault();
        }
    }

    private static SerialLinkException Fault() =>
        new(SerialLinkError.Lost, $"The control lines do not answer: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
}
