using Sim7600.Protocol.Grammar;

namespace Sim7600.Emulator.Line;

/// <summary>Bytes on the serial line.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Hidden">Which of them a timeline must not show; null where none is kept.</param>
internal readonly record struct LineBytes(byte[] Bytes, bool[]? Hidden)
{
    private const string Stars = "****";

    public int Length => Bytes.Length;

    public LineBytes Slice(int start, int length) => new(Bytes[start..(start + length)], Hidden?[start..(start + length)]);

    /// <summary>As a timeline shows them: four stars for hidden ones, however many these are.</summary>
    public string Shown()
    {
        string text = "";
        for (int start = 0, end = 0; start < Length; start = end)
        {
            bool isHidden = IsHidden(start);
            while (end < Length && IsHidden(end) == isHidden)
            {
                end++;
            }

            text += isHidden ? Stars : AtText.Escape(Bytes.AsSpan(start..end));
        }

        return text;
    }

    public bool IsHidden(int index) => Hidden is not null && Hidden[index];
}
