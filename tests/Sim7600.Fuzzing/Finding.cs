using System.Security.Cryptography;
using System.Text;

namespace Sim7600.Fuzzing;

/// <summary>An input with what it broke.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Input">The input.</param>
/// <param name="Error">What came of it.</param>
internal sealed record Finding(string Target, byte[] Input, Exception Error)
{
    /// <summary>The same for inputs that break the same thing: what was thrown, and where in our code.</summary>
    public string Signature
    {
        get
        {
            Exception cause = Error.InnerException ?? Error;
            string place = cause.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains(" Sim7600.", StringComparison.Ordinal) && !line.Contains(nameof(BrokenPromiseException), StringComparison.Ordinal))?.Trim() ?? "";
            string what = cause is BrokenPromiseException ? cause.Message.Split(':', '(')[0] : cause.GetType().Name;
            return $"{what} {place}";
        }
    }

    /// <summary>Writes the input where <c>--replay</c> finds it.</summary>
    public string Save(string folder)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Signature)))[..10];
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, Target)).FullName, name);
        File.WriteAllBytes(path, Input);
        return path;
    }
}
