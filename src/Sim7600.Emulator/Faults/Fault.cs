namespace Sim7600.Emulator.Faults;

/// <summary>
/// Something that goes wrong, with its parameters; each kind is a record of its own. <see cref="FaultTrigger"/> says when. Values
/// out of their range are refused where a fault is injected or written, with an <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public abstract record Fault
{
    private protected Fault()
    {
    }
}
