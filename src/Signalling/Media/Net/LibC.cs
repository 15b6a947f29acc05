using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Telemedicine.Media.Net;

/// <summary>What Linux has beyond sockets of the base class library; structures as on 64-bit systems.</summary>
internal static unsafe partial class LibC
{
    public const short PollIn = 1; // POLLIN
    public const int EventFdCloseOnExec = 0x80000; // EFD_CLOEXEC
    public const int EventFdNonBlocking = 0x800; // EFD_NONBLOCK
    public const int DoNotWait = 0x40; // MSG_DONTWAIT
    public const int WaitForOne = 0x10000; // MSG_WAITFORONE
    public const int Truncated = 0x20; // MSG_TRUNC
    public const int LevelUdp = 17; // SOL_UDP
    public const int UdpSegment = 103; // UDP_SEGMENT
    public const ushort AfInet = 2;
    public const ushort AfInet6 = 10;

    public const int Eintr = 4;
    public const int Eio = 5;
    public const int Eagain = 11;
    public const int Einval = 22;
    public const int Emsgsize = 90;
    public const int Eopnotsupp = 95;

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial nint EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle descriptor, ulong* value, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle descriptor, ulong* value, nuint length);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int PPoll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int socket, MultiMessage* messages, uint count, int flags, TimeSpec* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(int socket, MultiMessage* messages, uint count, int flags);

    /// <summary>For what the C library has no function for.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint first, nint second, nint third);

    /// <summary>Of an array made with pinned: true, for as long as the array lives.</summary>
    public static T* AddressOf<T>(T[] pinned)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct mmsghdr, with its struct msghdr (56 bytes, the last four of them padding) spelt out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MultiMessage
    {
        public byte* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _padding;
        public uint Length;
    }

    /// <summary>struct cmsghdr with the 16 bits of a UDP_SEGMENT size, padded to CMSG_SPACE(2).</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    public struct SegmentControl
    {
        public nuint Length;
        public int Level;
        public int Type;
        public ushort SegmentSize;

        /// <summary>CMSG_LEN(2).</summary>
        public const int UsedLength = 18;
    }
}
