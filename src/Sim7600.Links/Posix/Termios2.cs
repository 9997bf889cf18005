using System.Runtime.InteropServices;

namespace Sim7600.Links.Posix;

/// <summary>Linux's <c>struct termios2</c>, which takes any line speed as a number.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Termios2
{
    private const uint SizeMask = 0x30;
    private const uint EightBits = 0x30;
    private const uint Receiver = 0x80;
    private const uint Local = 0x800;
    private const uint SpeedMask = 0x100F;
    private const uint OtherSpeed = 0x1000;
    private const uint InputSpeedMask = 0x100F0000;
    private const uint HardwareFlow = 0x80000000;
    private const int TimeIndex = 5;
    private const int MinimumIndex = 6;

    public uint InputFlags;
    public uint OutputFlags;
    public uint ControlFlags;
    public uint LocalFlags;
    public byte Discipline;
    public fixed byte Characters[19];
    public uint InputSpeed;
    public uint OutputSpeed;

    /// <summary>True when RTS/CTS flow control is on.</summary>
    public readonly bool HasHardwareFlowControl => (ControlFlags & HardwareFlow) != 0;

    /// <summary>Makes the line transparent: eight bits, no parity, no echo, no translation, no signals.</summary>
    public void MakeRaw()
    {
        InputFlags = 0;
        OutputFlags = 0;
        LocalFlags = 0;
        ControlFlags = (ControlFlags & ~(SizeMask | 0x100u | 0x40u)) | EightBits | Receiver | Local;
        Characters[TimeIndex] = 0;
        Characters[MinimumIndex] = 1;
    }

    /// <summary>Sets speed and flow control.</summary>
    public void SetLine(int baudRate, bool hardwareFlowControl)
    {
        ControlFlags = (ControlFlags & ~(SpeedMask | InputSpeedMask | HardwareFlow)) | OtherSpeed | (hardwareFlowControl ? HardwareFlow : 0);
        InputSpeed = (uint)baudRate;
        OutputSpeed = (uint)baudRate;
    }
}
