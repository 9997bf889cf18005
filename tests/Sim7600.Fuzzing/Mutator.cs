using System.Globalization;
using System.Text;

namespace Sim7600.Fuzzing;

/// <summary>Makes a new input from those that led somewhere.</summary>
internal sealed class Mutator(Random random, IFuzzTarget target)
{
    private const int MostSteps = 8;
    private static readonly string[] Numbers = ["0", "1", "-1", "2", "23", "100", "120", "255", "256", "1024", "10240", "65535", "65536", "2147483647", "2147483648", "4294967295", "9223372036854775808", "0x7FFFFFFF", ""];
    private static readonly byte[] Bytes = [0, 1, (byte)'\r', (byte)'\n', 0x08, 0x1A, 0x1B, (byte)' ', (byte)'"', (byte)',', (byte)';', (byte)'=', (byte)'?', (byte)'>', (byte)'+', 0x7F, 0x80, 0xFF];

    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        List<byte> input = [.. corpus[random.Next(corpus.Count)]];
        for (int steps = random.Next(1, MostSteps); steps > 0; steps--)
        {
            Step(input, corpus);
        }

        return [.. input.Take(target.LongestInput)];
    }

    private void Step(List<byte> input, IReadOnlyList<byte[]> corpus)
    {
        int at = random.Next(input.Count + 1);
        switch (random.Next(10))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = Byte();
                break;
            case 2:
                input.Insert(at, Byte());
                break;
            case 3:
                input.RemoveRange(at, Length(input.Count - at));
                break;
            case 4:
                byte[] piece = [.. input.Skip(at).Take(Length(input.Count - at))];
                for (int times = random.Next(8) == 0 ? random.Next(300) : 1; times > 0 && input.Count < target.LongestInput; times--)
                {
                    input.InsertRange(at, piece);
                }

                break;
            case 5:
                byte[] other = corpus[random.Next(corpus.Count)];
                int from = random.Next(other.Length + 1);
                input.InsertRange(at, other.Skip(from).Take(Length(other.Length - from)));
                break;
            case 6:
                ChangeNumber(input, at);
                break;
            case 7:
                input.InsertRange(at, Enumerable.Repeat(Byte(), random.Next(4) == 0 ? random.Next(target.LongestInput) : random.Next(8)));
                break;
            default:
                if (target.Words.Count > 0)
                {
                    input.InsertRange(at, target.Words[random.Next(target.Words.Count)]);
                }

                break;
        }
    }

    private void ChangeNumber(List<byte> input, int at)
    {
        int start = input.FindIndex(at, each => each is >= (byte)'0' and <= (byte)'9');
        if (start < 0)
        {
            return;
        }

        int end = input.FindIndex(start, each => each is < (byte)'0' or > (byte)'9');
        input.RemoveRange(start, (end < 0 ? input.Count : end) - start);
        string number = random.Next(2) == 0 ? Numbers[random.Next(Numbers.Length)] : random.Next(300).ToString(CultureInfo.InvariantCulture);
        input.InsertRange(start, Encoding.ASCII.GetBytes(number));
    }

    private byte Byte() => random.Next(2) == 0 ? Bytes[random.Next(Bytes.Length)] : (byte)random.Next(256);

    private int Length(int most) => random.Next(4) == 0 ? random.Next(most + 1) : random.Next(Math.Min(most, 16) + 1);
}
