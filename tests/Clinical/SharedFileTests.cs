using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Files;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

public sealed class SharedFileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Patient_and_clinician_see_what_each_sent()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        var rash = await AddAsync(clinic, Actor.For(call.Patient), call, "My rash.jpg");
        var leaflet = await AddAsync(clinic, clinic.Clinician, call, "leaflet.pdf", FileKind.Pdf, ScanResult.Clean);

        var patients = await ListAsync(clinic, Actor.For(call.Patient), call);
        var clinicians = await ListAsync(clinic, clinic.Clinician, call);
        Assert.Equal([("My rash.jpg", true, true), ("leaflet.pdf", false, false)], patients?.Files.Select(file => (file.Name, file.IsOwn, file.MayRemove)));
        Assert.Equal([(call.Patient.DisplayName, ScanResult.NotScanned), (clinic.Practitioner.DisplayName, ScanResult.Clean)], clinicians?.Files.Select(file => (file.By, file.Scan)));
        Assert.Equal([1, 2, 3], (await OpenAsync(clinic, clinic.Clinician, call, rash))?.Encrypted);
        Assert.NotNull(await OpenAsync(clinic, Actor.For(call.Patient), call, leaflet));
    }

    [Fact]
    public async Task Files_come_from_the_booking_on_and_stay_readable_after_the_end()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromDays(3));
        var call = new TestCall(clinic, appointment, patient);
        var file = await AddAsync(clinic, Actor.For(patient), call);
        clinic.Clock.Advance(TimeSpan.FromDays(3));
        await clinic.ApplyAsync(call.Waiting());
        await clinic.ApplyAsync(call.Admitted());
        await call.FinishAsync();

        Assert.IsType<AddFileOutcome.Closed>(await TryAddAsync(clinic, Actor.For(patient), call));
        Assert.IsType<AddFileOutcome.Closed>(await TryAddAsync(clinic, clinic.Clinician, call));
        Assert.Null(await RemoveAsync(clinic, Actor.For(patient), call, file));
        Assert.NotNull(await OpenAsync(clinic, Actor.For(patient), call, file));
        Assert.False((await ListAsync(clinic, clinic.Clinician, call))?.MayAdd);
    }

    [Fact]
    public async Task Only_its_sender_takes_a_file_back_and_then_its_content_is_gone()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var file = await AddAsync(clinic, Actor.For(call.Patient), call, "Margaret's knee.jpg");

        Assert.Null(await RemoveAsync(clinic, clinic.Clinician, call, file));
        Assert.NotNull(await RemoveAsync(clinic, Actor.For(call.Patient), call, file));
        Assert.Null(await RemoveAsync(clinic, Actor.For(call.Patient), call, file));

        Assert.Empty((await ListAsync(clinic, clinic.Clinician, call))?.Files ?? []);
        Assert.Null(await OpenAsync(clinic, clinic.Clinician, call, file));
        Assert.Equal(0, await clinic.ReadAsync(db => db.SharedFileContents.CountAsync(Cancel)));
        var audits = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.EntityId == file.Value).OrderBy(row => row.Id).ToListAsync(Cancel));
        Assert.Equal(["file.add", "file.remove"], audits.Select(audit => audit.Action));
        Assert.DoesNotContain("knee", string.Concat(audits.Select(audit => audit.Before + audit.After)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_sees_sends_or_removes()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var file = await AddAsync(clinic, Actor.For(call.Patient), call);
        clinic.Clock.Advance(TimeSpan.FromHours(1));
        var other = await TestCall.AdmittedAsync(clinic, await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        await using var neighbour = await clinic.NeighbourAsync();

        foreach (var stranger in new[]
        {
            Actor.For(other.Patient), Actor.For(await clinic.AddClinicianAsync()), clinic.Staff, clinic.Administrator, neighbour.Clinician,
            await clinic.AddCarerAsync(call.Patient, CarerRights.SeeAppointments | CarerRights.ChangeAppointments),
        })
        {
            Assert.Null(await ListAsync(clinic, stranger, call));
            Assert.Null(await OpenAsync(clinic, stranger, call, file));
            Assert.IsType<AddFileOutcome.NotFound>(await TryAddAsync(clinic, stranger, call));
            Assert.Null(await RemoveAsync(clinic, stranger, call, file));
        }
        // The file of one appointment is not in another of the same clinician.
        Assert.Null(await OpenAsync(clinic, clinic.Clinician, other, file));
        Assert.False(await ShowAsync(clinic, clinic.Clinician, other, file));
        Assert.NotNull(await ListAsync(clinic, await clinic.AddCarerAsync(call.Patient, CarerRights.JoinConsultations), call));
    }

    [Fact]
    public async Task A_guest_sees_their_own_files_and_what_was_shown_to_everybody()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var photo = await AddAsync(clinic, Actor.For(call.Patient), call, "photo.jpg");
        var document = await AddAsync(clinic, Actor.For(call.Patient), call, "letter.pdf", FileKind.Pdf);
        var invited = Assert.IsType<InviteOutcome.Invited>(await clinic.AskAsync<GuestService, InviteOutcome>(guests => guests.InviteAsync(clinic.Clinician, call.Appointment.Id, new GuestRequest(GuestRole.Interpreter, "Ana Costa", null, null), Cancel)));
        var guest = new Actor(clinic.Practice.Id, ActorRole.Guest, invited.Guest.Value);

        Assert.Empty((await ListAsync(clinic, guest, call))?.Files ?? []);
        Assert.Null(await OpenAsync(clinic, guest, call, photo));
        Assert.False(await ShowAsync(clinic, Actor.For(call.Patient), call, photo));
        Assert.False(await ShowAsync(clinic, clinic.Clinician, call, document));
        Assert.True(await ShowAsync(clinic, clinic.Clinician, call, photo));
        var own = await AddAsync(clinic, guest, call, "words.png", FileKind.Png);

        Assert.Equal([photo, own], (await ListAsync(clinic, guest, call))?.Files.Select(file => file.Id));
        Assert.NotNull(await OpenAsync(clinic, guest, call, photo));
        Assert.Null(await OpenAsync(clinic, guest, call, document));
        await clinic.AskAsync<GuestService, RevokedGuest?>(guests => guests.RevokeAsync(clinic.Clinician, call.Appointment.Id, invited.Guest, Cancel));
        Assert.Null(await ListAsync(clinic, guest, call));
    }

    [Fact]
    public async Task An_appointment_has_twenty_files_at_a_time()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var last = await AddAsync(clinic, clinic.Clinician, call);
        for (var more = 1; more < SharedFile.MaxOfAppointment; more++)
            last = await AddAsync(clinic, clinic.Clinician, call);

        Assert.IsType<AddFileOutcome.TooMany>(await TryAddAsync(clinic, Actor.For(call.Patient), call));
        await RemoveAsync(clinic, clinic.Clinician, call, last);
        Assert.IsType<AddFileOutcome.Added>(await TryAddAsync(clinic, Actor.For(call.Patient), call));
    }

    [Fact]
    public async Task What_was_sent_for_an_appointment_that_was_not_held_is_deleted_after_thirty_days()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (missed, patient) = await clinic.BookedAsync();
        var never = new TestCall(clinic, missed, patient);
        await AddAsync(clinic, Actor.For(patient), never);
        clinic.Clock.Advance(TimeSpan.FromHours(1));
        var held = await TestCall.AdmittedAsync(clinic, patient);
        var kept = await AddAsync(clinic, Actor.For(patient), held);
        await held.FinishAsync();

        Assert.Equal(0, await DeleteAsync(clinic));
        clinic.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, await DeleteAsync(clinic));

        Assert.Empty((await ListAsync(clinic, Actor.For(patient), never))?.Files ?? []);
        Assert.NotNull(await OpenAsync(clinic, Actor.For(patient), held, kept));
    }

    [Theory]
    [InlineData("rash.jpg", FileKind.Jpeg, "rash.jpg")]
    [InlineData("RASH.JPEG", FileKind.Jpeg, "RASH.jpg")]
    [InlineData("scan.pdf.exe", FileKind.Pdf, "scan_pdf.pdf")]
    [InlineData("../../etc/passwd", FileKind.Png, "passwd.png")]
    [InlineData("C:\\Users\\Margaret\\rash.png", FileKind.Png, "rash.png")]
    [InlineData("..", FileKind.Png, "photo.png")]
    [InlineData("", FileKind.Pdf, "document.pdf")]
    [InlineData(null, FileKind.WebP, "photo.webp")]
    [InlineData(".htaccess", FileKind.Jpeg, "htaccess.jpg")]
    [InlineData("a\r\nSet-Cookie: x=1.jpg", FileKind.Jpeg, "aSet-Cookie_ x=1.jpg")]
    [InlineData("photo\u202Egpj.exe", FileKind.Jpeg, "photogpj.jpg")]
    [InlineData("a<b>\"c|d?.png", FileKind.Png, "a_b__c_d_.png")]
    [InlineData("Müller – Knie 膝.png", FileKind.Png, "Müller – Knie 膝.png")]
    [InlineData("null\0byte.png", FileKind.Png, "nullbyte.png")]
    public void A_name_is_made_safe_and_says_what_the_file_is(string? given, FileKind kind, string safe) => Assert.Equal(safe, SharedFile.SafeName(given, kind));

    [Fact]
    public void A_long_name_is_cut_without_breaking_a_character()
    {
        var name = SharedFile.SafeName(new string('x', 95) + "🤕🤕🤕.jpg", FileKind.Jpeg);

        Assert.Equal(new string('x', 95) + ".jpg", name);
        Assert.True(name.Length <= SharedFile.NameLength);
    }

    private static async Task<SharedFileId> AddAsync(TestClinic clinic, Actor actor, TestCall call, string name = "photo.jpg", FileKind kind = FileKind.Jpeg, ScanResult scan = ScanResult.NotScanned) =>
        Assert.IsType<AddFileOutcome.Added>(await TryAddAsync(clinic, actor, call, name, kind, scan)).File;

    private static Task<AddFileOutcome> TryAddAsync(TestClinic clinic, Actor actor, TestCall call, string name = "photo.jpg", FileKind kind = FileKind.Jpeg, ScanResult scan = ScanResult.NotScanned) =>
        clinic.AskAsync<SharedFiles, AddFileOutcome>(files => files.AddAsync(actor, call.Appointment.Id, new NewFile(SharedFileId.New(), name, kind, 3, scan, [1, 2, 3]), Cancel));

    private static Task<SharedFileList?> ListAsync(TestClinic clinic, Actor actor, TestCall call) =>
        clinic.AskAsync<SharedFiles, SharedFileList?>(files => files.ListAsync(actor, call.Appointment.Id, Cancel));

    private static Task<SharedFileDownload?> OpenAsync(TestClinic clinic, Actor actor, TestCall call, SharedFileId file) =>
        clinic.AskAsync<SharedFiles, SharedFileDownload?>(files => files.OpenAsync(actor, call.Appointment.Id, file, Cancel));

    private static Task<ScheduleId?> RemoveAsync(TestClinic clinic, Actor actor, TestCall call, SharedFileId file) =>
        clinic.AskAsync<SharedFiles, ScheduleId?>(files => files.RemoveAsync(actor, call.Appointment.Id, file, Cancel));

    private static Task<bool> ShowAsync(TestClinic clinic, Actor actor, TestCall call, SharedFileId file) =>
        clinic.AskAsync<SharedFiles, bool>(files => files.ShowAsync(actor, call.Appointment.Id, file, Cancel));

    private static Task<int> DeleteAsync(TestClinic clinic) => clinic.AskAsync<SharedFiles, int>(files => files.DeleteOldAsync(Cancel));
}
