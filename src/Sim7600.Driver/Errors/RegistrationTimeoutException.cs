using Sim7600.Driver.Features;

namespace Sim7600.Driver;

/// <summary>The modem did not register for data in time.</summary>
public sealed class RegistrationTimeoutException : TimeoutException
{
    internal RegistrationTimeoutException(NetworkRegistration registration, SignalQuality signal, TimeSpan waited)
        : base(
            $"The modem is not registered for data after {waited.TotalSeconds:0} s (CREG {registration.Circuit}, CGREG {registration.Packet}, "
            + $"CEREG {registration.Lte}, signal {(signal.Dbm is { } dbm ? $"{dbm} dBm" : "unknown")}). {Advice(registration, signal)}")
    {
        Registration = registration;
        Signal = signal;
    }

    /// <summary>The last registration seen.</summary>
    public NetworkRegistration Registration { get; }

    /// <summary>The signal at the end.</summary>
    public SignalQuality Signal { get; }

    private static string Advice(NetworkRegistration registration, SignalQuality signal)
    {
        if (registration.Packet == RegistrationStatus.Denied || registration.Lte == RegistrationStatus.Denied)
        {
            return "The network denies it: check that the SIM is active and allowed here (roaming, data plan, APN).";
        }

        return signal.Dbm is null or < -100
            ? "Check the antenna and its place."
            : "Check the SIM's data plan, the APN (AT+CGDCONT?) and the network mode (AT+CNMP?).";
    }
}
