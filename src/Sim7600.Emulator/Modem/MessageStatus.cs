namespace Sim7600.Emulator.Modem;

/// <summary>State of a stored short message, with its number in PDU mode (3GPP TS 27.005).</summary>
internal enum MessageStatus
{
    ReceivedUnread = 0,
    ReceivedRead = 1,
    StoredUnsent = 2,
    StoredSent = 3,
}
