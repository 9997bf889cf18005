using System.Text;

namespace Sim7600.Emulator.Broker;

/// <summary>The CA certificate of the embedded broker in a file that clients can be given.</summary>
internal sealed class CaFile
{
    private const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _path;
    private readonly string _pem;

    private CaFile(string path, string pem)
    {
        _path = path;
        _pem = pem;
    }

    /// <summary>
    /// Writes the file in one step, so that no reader sees half of it. A certificate of an earlier run is replaced; anything
    /// else in the way is left alone.
    /// </summary>
    /// <exception cref="EmulatorException">The file cannot be written, or what is there is no certificate.</exception>
    public static CaFile Write(string path, string pem)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            if (Directory.Exists(path) || (File.Exists(path) && !IsCertificate(path)))
            {
                throw new EmulatorException($"'{path}' is in the way of the CA file and is not a CA certificate. Move it away, or name another file with --ca-file.");
            }

            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            {
                throw new EmulatorException($"The CA file '{path}' cannot be written: the folder {folder} does not exist. Make it, or name another file with --ca-file.");
            }

            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = ReadableByAll;
            }

            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.ASCII.GetBytes(pem));
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, ReadableByAll); // whatever the umask says: other users' clients read it
            }

            File.Move(temporary, path, overwrite: true);
            return new CaFile(path, pem);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new EmulatorException($"The CA file '{path}' cannot be written: {error.Message} Name another with --ca-file.", error);
        }
    }

    /// <summary>Deletes the file, unless another emulator has written its own there.</summary>
    public void Delete()
    {
        try
        {
            if (File.Exists(_path) && File.ReadAllText(_path) == _pem)
            {
                File.Delete(_path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It holds no secret and the next start replaces it.
        }
    }

    private static bool IsCertificate(string path)
    {
        Span<byte> start = stackalloc byte[27];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == 0 || start.SequenceEqual("-----BEGIN CERTIFICATE-----"u8);
    }
}
