using Sim7600.Emulator.Commands;

namespace Sim7600.Emulator.Line;

/// <summary>Makes of counted data what may be shown: a command in it may be one that a wrong count swallowed, with its password.</summary>
internal sealed class DataMask(CommandTable commands)
{
    private readonly CommandLineMask _mask = new(commands);
    private int _begun;

    private static ReadOnlySpan<byte> Beginning => "AT+"u8;

    /// <summary>Other data begins.</summary>
    public void Reset() => _begun = 0;

    /// <summary>Takes the next bytes.</summary>
    /// <returns>True for each that must not be shown.</returns>
    public bool[] Hide(ReadOnlySpan<byte> bytes)
    {
        bool[] hidden = new bool[bytes.Length];
        for (int i = 0; i < hidden.Length; i++)
        {
            if (_begun == Beginning.Length)
            {
                hidden[i] = _mask.Hide(bytes.Slice(i, 1))[0];
                _begun = bytes[i] is (byte)'\r' or (byte)'\n' ? 0 : _begun;
                continue;
            }

            byte upper = bytes[i] is >= (byte)'a' and <= (byte)'z' ? (byte)(bytes[i] - 32) : bytes[i];
            _begun = upper == Beginning[_begun] ? _begun + 1 : upper == Beginning[0] ? 1 : 0;
            if (_begun == Beginning.Length)
            {
                _mask.Reset();
                _mask.Hide(Beginning);
            }
        }

        return hidden;
    }
}
