namespace Sim7600.Emulator.Commands;

/// <summary>Final results with their digits for <c>ATV0</c> (AT command manual V1.01).</summary>
internal enum FinalResultCode
{
    Ok = 0,
    Connect = 1,
    Ring = 2,
    NoCarrier = 3,
    Error = 4,
    NoDialtone = 6,
    Busy = 7,
    NoAnswer = 8,
}
