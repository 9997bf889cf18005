using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sim7600.Links.Posix;

/// <summary>
/// The stable path of a PTY: a symbolic link, and a claim on its name that ends with the process however that ends, so that
/// a link that was left behind is told from one that is served.
/// </summary>
internal sealed class PtyLink : IDisposable
{
    private readonly string _slave;
    private readonly Socket _claim;
    private bool _disposed;

    private PtyLink(string path, string slave, Socket claim)
    {
        Path = path;
        _slave = slave;
        _claim = claim;
    }

    public string Path { get; }

    public static PtyLink Create(string path, string slave)
    {
        if (path.Length == 0)
        {
            throw new SerialLinkException(SerialLinkError.BadName, "The virtual COM port's path is empty. Choose one, such as /tmp/ttySIM7600.");
        }

        path = System.IO.Path.GetFullPath(path);
        var existing = new FileInfo(path);
        if (Directory.Exists(path) || (existing.LinkTarget is { } target ? !target.StartsWith("/dev/pts/", StringComparison.Ordinal) : existing.Exists))
        {
            throw new SerialLinkException(SerialLinkError.Busy, $"{path} exists and is not a link to a virtual COM port; it is left alone. Choose another path.");
        }

        Socket claim = Claim(path);
        string fresh = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.CreateSymbolicLink(fresh, slave);
            File.Move(fresh, path, overwrite: true);
            return new PtyLink(path, slave, claim);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            claim.Dispose();
            throw new SerialLinkException(
                error is UnauthorizedAccessException ? SerialLinkError.NotPermitted
                    : error is DirectoryNotFoundException ? SerialLinkError.NotFound
                    : SerialLinkError.Other,
                $"The virtual COM port cannot be put at {path}: {Reason(error)}. Choose another path, such as one in /tmp.",
                error);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        try
        {
            if (new FileInfo(Path).LinkTarget == _slave)
            {
                File.Delete(Path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // somebody else removed it, or its folder
        }

        _claim.Dispose();
    }

    /// <summary>
    /// Binds a socket in Linux's abstract name space: it needs no file, and the kernel frees the name with the process.
    /// </summary>
    private static Socket Claim(string path)
    {
        var claim = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A digest, because a path may be longer than a socket name; of the real path, because links to folders give one file many names.
            claim.Bind(new UnixDomainSocketEndPoint($"\0sim7600-pty-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(RealPath(path))))}"));
            return claim;
        }
        catch (SocketException error)
        {
            claim.Dispose();
            throw new SerialLinkException(SerialLinkError.Busy, $"Another emulator serves {path}. Stop it, or choose another path with --pty.", error);
        }
    }

    private static string RealPath(string path)
    {
        nint folder = NativeMethods.RealPath(System.IO.Path.GetDirectoryName(path) ?? "/", 0);
        if (folder == 0)
        {
            return path; // there is no such folder, which creating the link will tell
        }

        try
        {
            return System.IO.Path.Combine(Marshal.PtrToStringUTF8(folder)!, System.IO.Path.GetFileName(path));
        }
        finally
        {
            NativeMethods.Free(folder);
        }
    }

    private static string Reason(Exception error) => error switch
    {
        DirectoryNotFoundException => "the folder does not exist",
        UnauthorizedAccessException => "you may not write there",
        _ => error.Message.TrimEnd('.'),
    };
}
