using System.Runtime.InteropServices;
using SharpFuzz;

namespace Sim7600.Fuzzing;

/// <summary>Which branches an input took, and how often: what instrumented code notes in a map that AFL made common.</summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    /// <summary>Assemblies whose branches are noted.</summary>
    private static readonly string[] Instrumented = ["Sim7600.Protocol.dll", "Sim7600.Driver.dll", "Sim7600.Emulator.dll"];

    private readonly byte* _map = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _seen = new byte[Size];

    public Coverage() => SharpFuzz.Common.Trace.SharedMem = _map;

    /// <summary>How many branches were ever taken.</summary>
    public int Branches => _seen.Count(each => each != 0);

    /// <summary>Puts the notes into copies of the assemblies.</summary>
    /// <param name="folder">Where the copies are.</param>
    public static void Instrument(string folder)
    {
        foreach (string name in Instrumented)
        {
            foreach (string _ in Fuzzer.Instrument(Path.Combine(folder, name), _ => true, Options.Value))
            {
                // The types, one by one, as they are done.
            }
        }
    }

    public void Forget()
    {
        new Span<byte>(_map, Size).Clear();
        SharpFuzz.Common.Trace.PrevLocation = 0;
    }

    /// <summary>True when the input since <see cref="Forget"/> took a branch that none took before, or took one clearly more often.</summary>
    public bool IsNew()
    {
        bool isNew = false;
        for (int i = 0; i < Size; i++)
        {
            if (_map[i] == 0)
            {
                continue;
            }

            byte bucket = _map[i] switch { 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 };
            isNew |= (_seen[i] & bucket) == 0;
            _seen[i] |= bucket;
        }

        return isNew;
    }
}
