namespace Sim7600.Driver.Lifecycle;

/// <summary>A modem that is online, until it is not.</summary>
/// <param name="Modem">The modem. The supervisor owns it: don't dispose it. After a restart of the modem it can be the same object.</param>
/// <param name="Ended">Cancelled when the modem leaves <see cref="ModemState.Online"/>.</param>
public sealed record OnlinePeriod(Sim7600Modem Modem, CancellationToken Ended);
