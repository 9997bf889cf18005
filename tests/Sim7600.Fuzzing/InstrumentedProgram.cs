using System.Reflection;
using System.Runtime.Loader;

namespace Sim7600.Fuzzing;

/// <summary>This program a second time, with copies of our assemblies that note which branches they take.</summary>
internal sealed class InstrumentedProgram : AssemblyLoadContext
{
    private readonly string _folder;

    private InstrumentedProgram(string folder)
        : base("instrumented") => _folder = folder;

    /// <summary>Runs <see cref="Program.RunAsync"/> of the copy.</summary>
    public static async Task<int> RunAsync(FuzzOptions options)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sim7600-fuzzing-");
        try
        {
            foreach (string file in (string[])[.. Directory.GetFiles(AppContext.BaseDirectory, "Sim7600.*.dll"), .. Directory.GetFiles(AppContext.BaseDirectory, "SharpFuzz*.dll")])
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            Coverage.Instrument(folder.FullName);
            Assembly copy = new InstrumentedProgram(folder.FullName).LoadFromAssemblyPath(Path.Combine(folder.FullName, Path.GetFileName(typeof(Program).Assembly.Location)));
            MethodInfo run = copy.GetType(typeof(Program).FullName!)!.GetMethod(nameof(Program.RunAsync), BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
            return await (Task<int>)run.Invoke(null, [options.Inputs, options.Seconds, options.Target, options.Seed, options.Findings])!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        Path.Combine(_folder, $"{assemblyName.Name}.dll") is var path && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
}
