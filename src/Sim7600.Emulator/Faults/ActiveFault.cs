namespace Sim7600.Emulator.Faults;

/// <summary>A fault that has begun and is still there.</summary>
internal sealed class ActiveFault(Fault fault, FaultDefinition definition, bool isForOne)
{
    private int _taken;

    public Fault Fault { get; } = fault;

    public FaultDefinition Definition { get; } = definition;

    /// <summary>True when it is over once somebody took it.</summary>
    public bool IsForOne { get; } = isForOne;

    /// <summary>True when it was told as waiting, so that its happening is told too.</summary>
    public bool Waits { get; init; }

    /// <summary>The timer of its end, or null when it has none.</summary>
    public IDisposable? End { get; set; }

    /// <summary>True for the first who asks.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;
}
