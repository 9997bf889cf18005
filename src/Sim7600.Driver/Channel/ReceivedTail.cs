using Sim7600.Protocol.Grammar;

namespace Sim7600.Driver.Channel;

/// <summary>The last received bytes, for messages to people. Only what may be shown is put in.</summary>
internal sealed class ReceivedTail
{
    private readonly byte[] _bytes = new byte[192];
    private int _length;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= _bytes.Length)
        {
            bytes[^_bytes.Length..].CopyTo(_bytes);
            _length = _bytes.Length;
            return;
        }

        int keep = Math.Min(_length, _bytes.Length - bytes.Length);
        _bytes.AsSpan(_length - keep, keep).CopyTo(_bytes);
        bytes.CopyTo(_bytes.AsSpan(keep));
        _length = keep + bytes.Length;
    }

    public override string ToString() => AtText.Escape(_bytes.AsSpan(0, _length));
}
