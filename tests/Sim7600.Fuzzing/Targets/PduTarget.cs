using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;
using static Sim7600.Fuzzing.BrokenPromiseException;

namespace Sim7600.Fuzzing.Targets;

/// <summary>Octets of a SUBMIT PDU; an odd first byte means that the rest is the hexadecimal text itself.</summary>
internal sealed class PduTarget : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => "pdu";

    /// <inheritdoc/>
    public string Meaning => "any octets or text as a SUBMIT PDU: refused, or a message that can be shown in every state";

    /// <inheritdoc/>
    public int LongestInput => 400;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } = [[0x00], [0x11, 0x00], [0x51, 0x00], [0x0B, 0x91], [0x08, 0xD0], [0x00, 0x00], [0x00, 0x04], [0x00, 0x08], [0xAA], [0x05, 0x00, 0x03, 0x01, 0x02, 0x01]];

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds =>
    [
        [0, .. Convert.FromHexString("0011000B916407281553F80000AA0AE8329BFD4697D9EC37")],
        [0, .. Convert.FromHexString("0001000B916407281553F8000804006F006B")],
        [0, .. Convert.FromHexString("0041000B916407281553F800040905000301020161626364")],
        [1, .. "0011000B91"u8],
    ];

    /// <inheritdoc/>
    public Task RunAsync(byte[] input)
    {
        if (input.Length < 2)
        {
            return Task.CompletedTask;
        }

        byte[] octets = input[1..];
        bool isText = (input[0] & 1) != 0;
        string hex = isText ? System.Text.Encoding.Latin1.GetString(octets) : Convert.ToHexString(octets);
        int length = isText ? (hex.Length / 2) - 1 : octets.Length - 1 - octets[0];
        if (MessagePdu.ReadSubmit(hex, length) is { } message)
        {
            foreach (MessageStatus status in Enum.GetValues<MessageStatus>())
            {
                string shown = MessagePdu.Write(message with { Status = status }, "+1", out int shownLength);
                Unless(shown.Length == 2 * (shownLength + 3), "the length that is announced is the length that is shown");
                Unless(shownLength <= 176, "a message fits the air interface");
            }
        }

        return Task.CompletedTask;
    }
}
