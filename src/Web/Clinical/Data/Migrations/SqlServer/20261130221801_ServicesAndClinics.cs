using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class ServicesAndClinics : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Appointments_PractitionerId",
                table: "Appointments");

            migrationBuilder.AddColumn<string>(
                name: "BookedBy",
                table: "Services",
                type: "nvarchar(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Anyone");

            migrationBuilder.AddColumn<int>(
                name: "BufferAfterMinutes",
                table: "Services",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "BufferBeforeMinutes",
                table: "Services",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "GroupSize",
                table: "Services",
                type: "int",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "HorizonDays",
                table: "Services",
                type: "int",
                nullable: false,
                defaultValue: 365);

            migrationBuilder.AddColumn<int>(
                name: "LateFeePence",
                table: "Services",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "LateNoticeHours",
                table: "Services",
                type: "int",
                nullable: false,
                defaultValue: 24);

            migrationBuilder.AddColumn<int>(
                name: "MinimumNoticeHours",
                table: "Services",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "PricePence",
                table: "Services",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Channels",
                table: "Schedules",
                type: "nvarchar(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "TemplateId",
                table: "Schedules",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "EndedAt",
                table: "Practitioners",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "BankHolidays",
                table: "Practices",
                type: "nvarchar(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "None");

            migrationBuilder.AddColumn<int>(
                name: "PricePence",
                table: "Appointments",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "AppointmentAnswers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    AppointmentId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Position = table.Column<int>(type: "int", nullable: false),
                    Question = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    Text = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AppointmentAnswers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AppointmentAnswers_Appointments_AppointmentId",
                        column: x => x.AppointmentId,
                        principalTable: "Appointments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AppointmentAnswers_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ClinicTemplates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PractitionerId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ServiceId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Days = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Start = table.Column<TimeOnly>(type: "time", nullable: false),
                    End = table.Column<TimeOnly>(type: "time", nullable: false),
                    SlotMinutes = table.Column<int>(type: "int", nullable: true),
                    Channels = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    Breaks = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: true),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClinicTemplates", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ClinicTemplates_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ClinicTemplates_Practitioners_PractitionerId",
                        column: x => x.PractitionerId,
                        principalTable: "Practitioners",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ClinicTemplates_Services_ServiceId",
                        column: x => x.ServiceId,
                        principalTable: "Services",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ServiceQuestions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ServiceId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Position = table.Column<int>(type: "int", nullable: false),
                    Text = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    IsRequired = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ServiceQuestions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ServiceQuestions_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ServiceQuestions_Services_ServiceId",
                        column: x => x.ServiceId,
                        principalTable: "Services",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "TimeOff",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PractitionerId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    First = table.Column<DateOnly>(type: "date", nullable: false),
                    Last = table.Column<DateOnly>(type: "date", nullable: false),
                    Reason = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TimeOff", x => x.Id);
                    table.CheckConstraint("CK_TimeOff_Period", "[Last] >= [First]");
                    table.ForeignKey(
                        name: "FK_TimeOff_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_TimeOff_Practitioners_PractitionerId",
                        column: x => x.PractitionerId,
                        principalTable: "Practitioners",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ClinicExceptions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    TemplateId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Start = table.Column<TimeOnly>(type: "time", nullable: true),
                    End = table.Column<TimeOnly>(type: "time", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClinicExceptions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ClinicExceptions_ClinicTemplates_TemplateId",
                        column: x => x.TemplateId,
                        principalTable: "ClinicTemplates",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ClinicExceptions_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Schedules_TemplateId_Start",
                table: "Schedules",
                columns: new[] { "TemplateId", "Start" });

            migrationBuilder.CreateIndex(
                name: "IX_Appointments_PractitionerId_Start",
                table: "Appointments",
                columns: new[] { "PractitionerId", "Start" });

            migrationBuilder.CreateIndex(
                name: "IX_AppointmentAnswers_AppointmentId_Position",
                table: "AppointmentAnswers",
                columns: new[] { "AppointmentId", "Position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AppointmentAnswers_PracticeId",
                table: "AppointmentAnswers",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_ClinicExceptions_PracticeId",
                table: "ClinicExceptions",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_ClinicExceptions_TemplateId_Day",
                table: "ClinicExceptions",
                columns: new[] { "TemplateId", "Day" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ClinicTemplates_PracticeId_PractitionerId",
                table: "ClinicTemplates",
                columns: new[] { "PracticeId", "PractitionerId" });

            migrationBuilder.CreateIndex(
                name: "IX_ClinicTemplates_PractitionerId",
                table: "ClinicTemplates",
                column: "PractitionerId");

            migrationBuilder.CreateIndex(
                name: "IX_ClinicTemplates_ServiceId",
                table: "ClinicTemplates",
                column: "ServiceId");

            migrationBuilder.CreateIndex(
                name: "IX_ServiceQuestions_PracticeId",
                table: "ServiceQuestions",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_ServiceQuestions_ServiceId_Position",
                table: "ServiceQuestions",
                columns: new[] { "ServiceId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_TimeOff_PracticeId_Last",
                table: "TimeOff",
                columns: new[] { "PracticeId", "Last" });

            migrationBuilder.CreateIndex(
                name: "IX_TimeOff_PractitionerId",
                table: "TimeOff",
                column: "PractitionerId");

            migrationBuilder.AddForeignKey(
                name: "FK_Schedules_ClinicTemplates_TemplateId",
                table: "Schedules",
                column: "TemplateId",
                principalTable: "ClinicTemplates",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Schedules_ClinicTemplates_TemplateId",
                table: "Schedules");

            migrationBuilder.DropTable(
                name: "AppointmentAnswers");

            migrationBuilder.DropTable(
                name: "ClinicExceptions");

            migrationBuilder.DropTable(
                name: "ServiceQuestions");

            migrationBuilder.DropTable(
                name: "TimeOff");

            migrationBuilder.DropTable(
                name: "ClinicTemplates");

            migrationBuilder.DropIndex(
                name: "IX_Schedules_TemplateId_Start",
                table: "Schedules");

            migrationBuilder.DropIndex(
                name: "IX_Appointments_PractitionerId_Start",
                table: "Appointments");

            migrationBuilder.DropColumn(
                name: "BookedBy",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "BufferAfterMinutes",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "BufferBeforeMinutes",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "GroupSize",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "HorizonDays",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "LateFeePence",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "LateNoticeHours",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "MinimumNoticeHours",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "PricePence",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "Channels",
                table: "Schedules");

            migrationBuilder.DropColumn(
                name: "TemplateId",
                table: "Schedules");

            migrationBuilder.DropColumn(
                name: "EndedAt",
                table: "Practitioners");

            migrationBuilder.DropColumn(
                name: "BankHolidays",
                table: "Practices");

            migrationBuilder.DropColumn(
                name: "PricePence",
                table: "Appointments");

            migrationBuilder.CreateIndex(
                name: "IX_Appointments_PractitionerId",
                table: "Appointments",
                column: "PractitionerId");
        }
    }
}
