using Sim7600.Driver.Features;

namespace Sim7600.Driver;

/// <summary>The modem did not register for data in time.</summary>
public sealed class RegistrationTimeoutException : TimeoutException
{
    internal RegistrationTimeoutException(NetworkRegistration registration, SignalQuality signal, SimState sim, TimeSpan waited)
        : base(
            $"The modem is not registered for data after {waited.TotalSeconds:0} s (CREG {registration.Circuit}, CGREG {registration.Packet}, "
            + $"CEREG {registration.Lte}, signal {(signal.Dbm is { } dbm ? $"{dbm} dBm" : "unknown")}). {Advice(registration, signal, sim)}")
    {
        Registration = registration;
        Signal = signal;
        Sim = sim;
    }

    /// <summary>The last registration seen.</summary>
    public NetworkRegistration Registration { get; }

    /// <summary>The signal at the end.</summary>
    public SignalQuality Signal { get; }

    /// <summary>The SIM at the end: without a ready one no modem registers.</summary>
    public SimState Sim { get; }

    private static string Advice(NetworkRegistration registration, SignalQuality signal, SimState sim)
    {
        string? needs = sim switch
        {
            SimState.PinRequired => "The SIM needs its PIN: enter it (Sim.EnterPinAsync, AT+CPIN).",
            SimState.PukRequired => "The SIM is blocked and needs its PUK.",
            SimState.Locked => "The SIM or the modem is locked to another network.",
            SimState.Absent => "The SIM is missing: insert one and restart the modem.",
            SimState.Failed => "The SIM is broken, or sits badly in its holder.",
            _ => null,
        };
        if (needs is not null)
        {
            return needs;
        }

        if (registration.Packet == RegistrationStatus.Denied || registration.Lte == RegistrationStatus.Denied)
        {
            return "The network denies it: check that the SIM is active and allowed here (roaming, data plan, APN).";
        }

        return signal.Dbm is null or < -100
            ? "Check the antenna and its place."
            : "Check the SIM's data plan, the APN (AT+CGDCONT?) and the network mode (AT+CNMP?).";
    }
}
